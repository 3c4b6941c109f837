package web

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

const forgotten = "Forgot your password?"

func (s *Server) showForgotten(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), forgotten)
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, auth.ForgottenPage{Page: page}.View())
}

// requestReset has a link mailed to the member with the address. Whether there is one is not told, not by the time it takes
// either.
func (s *Server) requestReset(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	p := auth.ForgottenPage{Page: s.lastFrame(forgotten), Email: text(values, "email")}
	if p.Wrong = staff.CheckAddress(p.Email); p.Wrong != nil {
		return render(w, r, http.StatusUnprocessableEntity, p.View())
	}
	// Counted apart from sign-ins: who failed at the door too often is who needs this.
	client := lead.Digest(s.secret, "reset", string(s.caller(r)))
	_, err = s.db.BeginAttempt(r.Context(), staff.AccountDigest(s.secret, "reset:"+p.Email), client, staff.Attempts.TooMany)
	if errors.Is(err, fault.TooMany) {
		p.TooMany = true
		tooManyHeader(w)
		return render(w, r, http.StatusTooManyRequests, p.View())
	}
	if err != nil {
		return err
	}
	salt := staff.NewSalt()
	token := staff.Digest(staff.ResetToken(s.secret, salt))
	if err := s.db.RequestReset(r.Context(), p.Email, staff.Browser(r.UserAgent()), salt, token); err != nil {
		return err
	}
	p.Asked = true
	return render(w, r, http.StatusOK, p.View())
}

func (s *Server) showReset(w http.ResponseWriter, r *http.Request) error {
	return s.resetPage(w, r, auth.ResetPage{})
}

// resetPage shows the link as it stands: 200 while it is good, 422 with what is to be corrected, 410 after that, 404 for one
// that never was or is long gone. It always says how to get on.
func (s *Server) resetPage(w http.ResponseWriter, r *http.Request, p auth.ResetPage) (err error) {
	p.Page, p.Action = s.lastFrame("Choose a new password"), r.URL.Path
	p.Reset, err = s.db.ResetByToken(r.Context(), staff.Digest(chi.URLParam(r, "token")))
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
	return render(w, r, status, p.View())
}

// resetPassword gives the member of the link another password. They are not signed in by it: that takes all that it always
// takes.
func (s *Server) resetPassword(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	token := staff.Digest(chi.URLParam(r, "token"))
	link, err := s.db.ResetByToken(r.Context(), token)
	if errors.Is(err, fault.NotFound) || err == nil && link.State != staff.Open {
		return s.resetPage(w, r, auth.ResetPage{})
	}
	if err != nil {
		return err
	}
	if wrong := staff.CheckPassword(values.Get("password"), s.siteNames(link.Name, link.Email)...); wrong != nil {
		return s.resetPage(w, r, auth.ResetPage{Wrong: wrong})
	}
	hash, err := staff.HashPassword(r.Context(), values.Get("password"))
	if err != nil {
		return err
	}
	err = s.db.ResetByLink(r.Context(), token, hash, staff.Browser(r.UserAgent()))
	if errors.Is(err, fault.NotFound) { // used or expired meanwhile
		return s.resetPage(w, r, auth.ResetPage{})
	}
	if err != nil {
		return err
	}
	return done(w, r, signInPath, "reset")
}
