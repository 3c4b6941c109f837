package auth

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

func (h *Handlers) ShowSignIn(w http.ResponseWriter, r *http.Request) error {
	return h.signInPage(w, r, http.StatusOK, auth.SignInPage{
		Ended: r.URL.Query().Has("ended"), Late: r.URL.Query().Has("late"),
	})
}

func (h *Handlers) signInPage(w http.ResponseWriter, r *http.Request, status int, p auth.SignInPage) (err error) {
	if p.Page, err = h.Frame(r.Context(), "Sign in"); err != nil {
		return err
	}
	p.ReturnTo, p.Done = returnToQuery(returnTo(r)), page.DoneMessage(r)
	if p.Passkey, err = h.passkeyRequest(r.Context(), staff.PasskeySignIn); err != nil {
		return err
	}
	if status == http.StatusTooManyRequests {
		p.TooMany = true
		tooManyHeader(w)
	}
	return page.Render(w, r, status, p.View())
}

// SignIn starts a session, which is pending for a member with a second factor. Neither the page nor the time it takes tells
// whether the address, the password or both are wrong.
func (h *Handlers) SignIn(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	again := auth.SignInPage{Email: page.Text(values, "email")}
	m, hash, err := h.DB.MemberByEmail(r.Context(), again.Email)
	if err != nil {
		return err
	}
	match, err := h.countAttempt(r, staff.NewThrottle(staff.SignInThrottle, h.clientID(r)), func() (bool, error) {
		return staff.PasswordMatches(r.Context(), values.Get("password"), hash)
	})
	if errors.Is(err, fault.TooMany) {
		return h.signInPage(w, r, http.StatusTooManyRequests, again)
	}
	if match {
		err = h.startSession(w, r, m.ID, hash, returnTo(r))
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if !match || err != nil { // the password was changed in between
		if err := h.DB.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		again.Wrong = "The email address or the password is wrong. Check both and try again."
		return h.signInPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return nil
}
