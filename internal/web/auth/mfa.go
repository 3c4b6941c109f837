package auth

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

func (h *Handlers) ShowCode(w http.ResponseWriter, r *http.Request) error {
	return h.codePage(w, r, http.StatusOK, nil)
}

func (h *Handlers) codePage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := auth.CodePage{Page: h.LastFrame("Two-step sign-in"), ReturnTo: returnToQuery(returnTo(r))}
	if p.Credentials, err = h.credentials(r, staff.PasskeySignIn, wrong); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// FinishSignIn takes a one-time code or a recovery code; a passkey signs in by itself.
func (h *Handlers) FinishSignIn(w http.ResponseWriter, r *http.Request) error {
	token, g := staff.NewToken(), readCredential(page.Form(r), page.CodeField, page.RecoveryField)
	status, wrong, err := h.useCredential(w, r, g, h.DB.RecordFailedSignIn, func(c staff.Credential) (bool, error) {
		return h.DB.FinishSignIn(r.Context(), page.Member(r).ID, c, h.sessionDigest(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, "/staff/sign-in"+returnToQuery(returnTo(r), "late"), http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case wrong != nil:
		return h.codePage(w, r, status, wrong)
	}
	to := returnTo(r)
	if g.method == page.RecoveryField {
		to = "/staff/account/factors?recovered=yes"
	}
	h.finishSession(w, r, token, to)
	return nil
}
