package auth

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

const forgottenTitle = "Forgot your password?"

func (h *Handlers) ShowForgotten(w http.ResponseWriter, r *http.Request) error {
	frame, err := h.Frame(r.Context(), forgottenTitle)
	if err != nil {
		return err
	}
	return page.Render(w, r, http.StatusOK, auth.ForgottenPage{Page: frame}.View())
}

// RequestReset has a link mailed to the member with the address. Whether there is one is not told, not by the time it takes
// either.
func (h *Handlers) RequestReset(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	p := auth.ForgottenPage{Page: h.LastFrame(forgottenTitle), Email: page.Text(values, "email")}
	if p.Wrong = staff.CheckAddress(p.Email); p.Wrong != nil {
		return page.Render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	// Counted apart from sign-ins: a member who failed there too often needs this.
	_, err := h.DB.BeginAttempt(r.Context(), staff.NewThrottle("reset", h.clientID(r)))
	if errors.Is(err, fault.TooMany) {
		p.TooMany = true
		tooManyHeader(w)
		return page.Render(w, r, http.StatusTooManyRequests, p.View())
	}
	if err != nil {
		return err
	}
	salt := staff.NewSalt()
	token := staff.Digest(staff.ResetToken(h.Secret, salt))
	if err := h.DB.RequestReset(r.Context(), p.Email, staff.Browser(r.UserAgent()), salt, token); err != nil {
		return err
	}
	p.Asked = true
	return page.Render(w, r, http.StatusOK, p.View())
}

func (h *Handlers) ShowReset(w http.ResponseWriter, r *http.Request) error {
	return h.resetPage(w, r, auth.ResetPage{})
}

// resetPage shows the link as it stands: 200 while it is good, 422 with what is to be corrected, 410 after that, 404 for one
// that never was or is long gone. It always says how to get on.
func (h *Handlers) resetPage(w http.ResponseWriter, r *http.Request, p auth.ResetPage) (err error) {
	p.Page, p.Action = h.LastFrame("Choose a new password"), r.URL.Path
	p.Reset, err = h.DB.ResetByToken(r.Context(), staff.Digest(chi.URLParam(r, "token")))
	status := http.StatusOK
	switch {
	case errors.Is(err, fault.NotFound):
		status = http.StatusNotFound
	case err != nil:
		return err
	case p.Reset.State != staff.Open:
		status = http.StatusGone
	case p.Wrong != nil:
		status = http.StatusUnprocessableEntity
	}
	return page.Render(w, r, status, p.View())
}

// ResetPassword gives the member of the link another password. They are not signed in by it: that takes all that it always
// takes.
func (h *Handlers) ResetPassword(w http.ResponseWriter, r *http.Request) error {
	values := page.Form(r)
	token := staff.Digest(chi.URLParam(r, "token"))
	link, err := h.DB.ResetByToken(r.Context(), token)
	if errors.Is(err, fault.NotFound) || err == nil && link.State != staff.Open {
		return h.resetPage(w, r, auth.ResetPage{})
	}
	if err != nil {
		return err
	}
	if wrong := staff.CheckPassword(values.Get("password"), h.siteNames(link.Name, link.Email)...); wrong != nil {
		return h.resetPage(w, r, auth.ResetPage{Wrong: wrong})
	}
	hash, err := staff.HashPassword(r.Context(), values.Get("password"))
	if err != nil {
		return err
	}
	err = h.DB.ResetByLink(r.Context(), token, hash, staff.Browser(r.UserAgent()))
	if errors.Is(err, fault.NotFound) { // used or expired meanwhile
		return h.resetPage(w, r, auth.ResetPage{})
	}
	if err != nil {
		return err
	}
	return page.Done(w, r, "/staff/sign-in", "reset")
}
