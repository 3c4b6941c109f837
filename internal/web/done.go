package web

import (
	"net/http"
	"net/url"
	"strings"

	"tiebreak/internal/lead"
)

// signedElsewhere ends the words of acts that sign the member out of all other browsers.
const signedElsewhere = " All other browsers are signed out."

// doneWords are what a staff page says of the act that led to it, by the word in its address: no address can have a page say
// other words.
var doneWords = map[string]string{
	"joined":     "Welcome. Your account is ready.",
	"signed-out": "You are signed out.",
	"reset":      "Your password is changed. Sign in with the new one.",

	"signature":     "Signature saved.",
	"password":      "Password changed." + signedElsewhere,
	"session-ended": "Signed out of that browser.",
	"others-ended":  "Signed out of all other browsers.",

	"app-added":       "Authenticator app set up." + signedElsewhere,
	"app-removed":     "Authenticator app removed." + signedElsewhere,
	"passkey-added":   "Passkey added." + signedElsewhere,
	"passkey-removed": "Passkey removed." + signedElsewhere,
	"codes-renewed":   "New recovery codes replace the old ones." + signedElsewhere,

	"none-ticked":      "Nothing was changed. Tick the leads first, then choose what to do.",
	"view-saved":       "View saved.",
	"view-removed":     "View removed.",
	"template-saved":   "Template saved.",
	"template-deleted": "Template deleted.",
	"mail-tried":       "The mail is being sent again.",
	"mail-sent":        "The mail had already been sent.",
	"mails-tried":      "The mails are being sent again.",
	"mail-dismissed":   "Dismissed. The mail is not tried again.",

	"promise":            "Saved. The site updates within seconds.",
	"role":               "Role changed. The member is signed out and can sign in again.",
	"disabled":           "Disabled. The member is signed out and can no longer sign in.",
	"enabled":            "Enabled. The member can sign in again.",
	"factors-reset":      "Their second factors are reset. The member is signed out and was told by mail.",
	"factor-required":    "All members now need a second factor.",
	"factor-optional":    "The second factor is optional now.",
	"invited":            "The invitation is on its way.",
	"invitation-removed": "Invitation withdrawn. Its link no longer works.",
}

// done sends the browser on to the page, which says that the act worked.
func done(w http.ResponseWriter, r *http.Request, page, act string) error {
	path, query, _ := strings.Cut(page, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	values.Set("done", act)
	http.Redirect(w, r, withQuery(path, values), http.StatusSeeOther)
	return nil
}

// justDid returns the word for the act that led to the page, "" for none.
func justDid(r *http.Request) string { return r.URL.Query().Get("done") }

// doneMessage returns the sentence for the act that led to the page, "" for none.
func doneMessage(r *http.Request) string { return doneWords[justDid(r)] }

// doneMessageFor returns the sentence for the act.
func doneMessageFor(act string) string { return doneWords[act] }

// doneToLead says what was just done to the lead, by the last part of the address that did it.
func doneToLead(act string, l lead.Lead) string {
	switch act {
	case "reply":
		return "Draft saved."
	case "team-notes":
		return "Note added."
	case "assignee":
		if l.Assignee == "" {
			return "Nobody is assigned now."
		}
		return "Assigned to " + l.Assignee + "."
	case "email":
		return "Email address corrected. Mails that failed are sent again."
	case "suspicion":
		return "Marked as not spam."
	case "erasure":
		return "Everything typed about this lead is erased."
	}
	return ""
}
