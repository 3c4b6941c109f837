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
	p := auth.CodePage{Page: h.LastFrame("Two-step sign-in"), Onward: returnToQuery(returnTo(r))}
	if p.Proving, err = h.reauthOptions(r, staff.PasskeySignIn, wrong); err != nil {
		return err
	}
	return page.Render(w, r, status, p.View())
}

// FinishSignIn takes a one-time code or a recovery code; a passkey signs in by itself.
func (h *Handlers) FinishSignIn(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	m, token, g := page.Member(r), staff.NewToken(), readCredential(values, page.CodeField, page.RecoveryField)
	if g.method == "" {
		return h.codePage(w, r, http.StatusUnprocessableEntity, wrongCredential(g.method))
	}
	holds, err := h.countAttempt(r, h.reauthThrottle(r, m.ID, g.method), func() (bool, error) {
		p, err := h.verifyCredential(r, m, g)
		if err != nil {
			return false, err
		}
		return h.DB.FinishSignIn(r.Context(), m.ID, p, h.sessionDigest(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, page.SignInPath+returnToQuery(returnTo(r), "late"), http.StatusSeeOther)
		return nil
	case errors.Is(err, fault.TooMany):
		return h.codePage(w, r, http.StatusTooManyRequests, tooManyAttempts(w, g.method))
	case err != nil:
		return err
	case !holds:
		if err := errors.Join(h.DB.RecordFailedSignIn(r.Context(), m.ID), h.warnOfGuesses(r, m, g.method)); err != nil {
			return err
		}
		return h.codePage(w, r, http.StatusUnprocessableEntity, wrongCredential(g.method))
	}
	to := returnTo(r)
	if g.method == page.RecoveryField {
		to = page.FactorsPath + "?recovered=yes"
	}
	h.finishSession(w, r, token, to)
	return nil
}
