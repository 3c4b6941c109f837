package auth

import (
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// reauthReturns says where a member goes after re-authentication, by the word in the page's address: below is the start of the
// addresses that asked for it, and back the page where the change can be repeated. The default is the page of second factors.
var reauthReturns = map[string]struct{ below, back string }{
	"app":      {"/staff/account/authenticator", "/staff/account/authenticator"},
	"sessions": {"/staff/account/sessions/", "/staff/account#sessions"},
	"team":     {"/staff/team", "/staff/team"},
}

func afterReauth(r *http.Request) string {
	if place, asked := reauthReturns[r.URL.Query().Get("to")]; asked {
		return place.back
	}
	return "/staff/account/factors"
}

// ShowReauth asks the member to re-authenticate.
func (h *Handlers) ShowReauth(w http.ResponseWriter, r *http.Request) error {
	return h.reauthPage(w, r, http.StatusOK, nil)
}

func (h *Handlers) reauthPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := auth.ReauthPage{Action: "/staff/account/reauthentication"}
	if to := r.URL.Query().Get("to"); reauthReturns[to].back != "" {
		p.Action = page.WithQuery("/staff/account/reauthentication", url.Values{"to": {to}})
	}
	if p.Page, err = h.StaffFrame(r, "Confirm that it’s you"); err != nil {
		return err
	}
	if p.Credentials, err = h.credentials(r, staff.PasskeyReauth(page.Member(r).ID), wrong); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// Reauthenticate gives the session a new token and opens what asks for re-authentication, for a while.
func (h *Handlers) Reauthenticate(w http.ResponseWriter, r *http.Request) error {
	token := staff.NewToken()
	g := readCredential(page.Form(r), page.CodeField, page.RecoveryField, page.PasskeyField, page.PasswordField)
	status, wrong, err := h.useCredential(w, r, g, h.DB.RecordFailedReauth, func(c staff.Credential) (bool, error) {
		return h.DB.Reauthenticate(r.Context(), page.Member(r).ID, c, h.sessionDigest(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, h.signInURL(r, err), http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case wrong != nil:
		return h.reauthPage(w, r, status, wrong)
	}
	h.finishSession(w, r, token, afterReauth(r))
	return nil
}
