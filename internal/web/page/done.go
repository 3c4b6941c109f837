package page

import (
	"net/http"
	"net/url"
	"strings"
)

// signedOutElsewhere ends the words of acts that sign the member out of all other browsers.
const signedOutElsewhere = " All other browsers are signed out."

// doneMessages are the confirmations that a staff page can show after an act, by the word in the page's address. The address
// holds no message itself, so that a link cannot put words of its own on the page.
var doneMessages = map[string]string{
	"joined":     "Welcome. Your account is ready.",
	"signed-out": "You are signed out.",
	"reset":      "Your password is changed. Sign in with the new one.",

	"signature":     "Signature saved.",
	"password":      "Password changed." + signedOutElsewhere,
	"session-ended": "Signed out of that browser.",
	"others-ended":  "Signed out of all other browsers.",

	"app-added":       "Authenticator app set up." + signedOutElsewhere,
	"app-removed":     "Authenticator app removed." + signedOutElsewhere,
	"passkey-added":   "Passkey added." + signedOutElsewhere,
	"passkey-removed": "Passkey removed." + signedOutElsewhere,
	"codes-renewed":   "New recovery codes replace the old ones." + signedOutElsewhere,

	"lead-entered": "Lead entered.",
	"none-ticked":  "Nothing was changed. Select the leads first, then choose what to do.",
	"reply":        "Draft saved.",
	"team-notes":   "Note added.",
	"follow-up":    "Follow-up saved.",

	"follow-up-removed": "Follow-up removed.",
	"email-only":        "Email address saved. No email is waiting for them, so nothing is sent now.",
	"email-moved":       "Moved to the inbox. This lead and its private page no longer show it.",

	"calls":     "Call added.",
	"answer":    "Marked as needing no answer.",
	"email":     "Email address saved. We are now sending the emails that had not reached them.",
	"suspicion": "Marked as not spam.",
	"erasure":   "Everything typed about this lead has been erased.",

	"email-attached":  "Email added to this lead.",
	"email-prospect":  "This is the prospect’s message now. Their private page does not show it.",
	"email-kept":      "Kept as a note to the team.",
	"email-dismissed": "Dismissed. The text is deleted here. The email is still in the mailbox.",

	"view-saved":       "View saved.",
	"view-removed":     "View removed.",
	"template-saved":   "Template saved.",
	"template-deleted": "Template deleted.",
	"mail-tried":       "We are sending the email again.",
	"mail-sent":        "The email had already been sent.",
	"mails-tried":      "We are sending the emails again.",
	"mail-dismissed":   "Dismissed. We will not try this email again.",
	"mail-released":    "We are sending the email.",
	"mail-cancelled":   "Cancelled. We will not send this email.",
	"mail-decided":     "This email is no longer on hold.",
	"mails-released":   "We are sending all the emails that were on hold.",
	"mails-cancelled":  "Cancelled. We will not send the emails that were on hold.",

	"option-added":   "Option added. Add its facts now.",
	"option-saved":   "Saved. The guides that compare this option show it now.",
	"option-retired": "Retired. Visitors no longer see this option.",
	"option-back":    "Brought back. Visitors see this option again.",
	"fact-saved": "Fact saved. The guides that show it are updated, and conclusions based on it are marked “under review”: see " +
		"Facts to check. Texts that repeat the old value have to be changed in their guide.",
	"fact-checked":    "Still true: the dates are renewed, and the history names you.",
	"guide-confirmed": "Confirmed. The guide no longer says that it is under review.",
	"fact-restored":   "Restored. The guides that show this fact have that version again.",

	"guide-started":      "The guide is started. Fill in each section, then publish it.",
	"guide-published":    "Published. The site updates within seconds.",
	"guide-scheduled":    "Scheduled. The time is below. What you change in the draft from now on is not part of it.",
	"schedule-cancelled": "Nothing is scheduled any more. The draft is as it was.",
	"guide-unpublished":  "Unpublished. Visitors no longer see this guide.",
	"guide-restored":     "Restored as the draft. Nothing was published.",
	"guide-moved":        "The guide has its new address. Links to the old one lead there.",
	"guide-deleted":      "The guide is deleted.",
	"options-saved":      "Saved in the draft. Check what the sections below say about each option.",
	"option-left":        "Removed everything the draft still said about this option.",
	"draft-saved":        "Saved in the draft.",
	"draft-moved":        "Moved.",
	"draft-removed":      "Removed from the draft.",
	"draft-settled":      "Text chosen.",
	"draft-discarded":    "Discarded. The draft is the published version.",

	"imported": "Imported. What was published shows within seconds; drafts are under Guides.",

	"promise":            "Saved. The site updates within seconds.",
	"closures":           "Saved. The site updates within seconds.",
	"site-saved":         "Saved. The site updates within seconds.",
	"role":               "Role changed. The member is signed out and can sign in again.",
	"disabled":           "Disabled. The member is signed out and can no longer sign in.",
	"enabled":            "Enabled. The member can sign in again.",
	"factors-reset":      "Two-step sign-in reset. The member is signed out and gets an email about it.",
	"factor-required":    "All members now need two-step sign-in.",
	"factor-optional":    "Two-step sign-in is now optional.",
	"invited":            "The invitation is on its way.",
	"invitation-removed": "Invitation withdrawn. Its link no longer works.",
}

// Done sends the browser on to the page, which says that the act worked.
func Done(w http.ResponseWriter, r *http.Request, page, act string) error {
	page, place, _ := strings.Cut(page, "#")
	path, query, _ := strings.Cut(page, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return err
	}
	values.Set("done", act)
	to := WithQuery(path, values)
	if place != "" {
		to += "#" + place
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// DoneAct returns the word for the act that led to the page, "" for none. That of an act on a lead is the last part of its
// address.
func DoneAct(r *http.Request) string { return r.URL.Query().Get("done") }

// DoneMessage returns the sentence for the act that led to the page, "" for none.
func DoneMessage(r *http.Request) string { return doneMessages[DoneAct(r)] }

// DoneMessageFor returns the sentence for the act.
func DoneMessageFor(act string) string { return doneMessages[act] }
