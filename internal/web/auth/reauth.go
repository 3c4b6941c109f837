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
	"app":      {page.AuthenticatorPath, page.AuthenticatorPath},
	"sessions": {"/staff/account/sessions/", "/staff/account#sessions"},
	"team":     {page.TeamPath, page.TeamPath},
}

func afterReauth(r *http.Request) string {
	if place, asked := reauthReturns[r.URL.Query().Get("to")]; asked {
		return place.back
	}
	return page.FactorsPath
}

// ShowReauth asks the member to re-authenticate.
func (h *Handlers) ShowReauth(w http.ResponseWriter, r *http.Request) error {
	return h.reauthPage(w, r, http.StatusOK, nil)
}

func (h *Handlers) reauthPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := auth.ProofPage{Action: page.ReauthPath}
	if to := r.URL.Query().Get("to"); reauthReturns[to].back != "" {
		p.Action = page.WithQuery(page.ReauthPath, url.Values{"to": {to}})
	}
	if p.Page, err = h.StaffFrame(r, "Confirm that it’s you"); err != nil {
		return err
	}
	if p.Proving, err = h.reauthOptions(r, staff.PasskeyProof(page.Member(r).ID), wrong); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// Reauthenticate gives the session a new token and opens what asks for re-authentication, for a while.
func (h *Handlers) Reauthenticate(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	m, token, g := page.Member(r), staff.NewToken(),
		readCredential(values, page.CodeField, page.RecoveryField, page.PasskeyField, page.PasswordField)
	if g.method == "" {
		return h.reauthPage(w, r, http.StatusUnprocessableEntity, wrongCredential(g.method))
	}
	wrong := wrongCredential(g.method)
	holds, err := h.countAttempt(r, h.reauthThrottle(r, m.ID, g.method), func() (holds bool, err error) {
		p, err := h.verifyCredential(r, m, g)
		if err == nil {
			holds, err = h.DB.Reauthenticate(r.Context(), m.ID, p, h.sessionDigest(r), staff.Digest(token))
		}
		if refusal := h.passkeyRefusal(r, m.ID, err); refusal != nil {
			wrong = refusal
			return false, nil
		}
		return holds, err
	})
	switch {
	case errors.Is(err, fault.TooMany):
		return h.reauthPage(w, r, http.StatusTooManyRequests, tooManyAttempts(w, g.method))
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, h.signInURL(r, err), http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case !holds:
		if err := errors.Join(h.DB.RecordFailedProof(r.Context(), m.ID), h.warnOfGuesses(r, m, g.method)); err != nil {
			return err
		}
		return h.reauthPage(w, r, http.StatusUnprocessableEntity, wrong)
	}
	h.finishSession(w, r, token, afterReauth(r))
	return nil
}
