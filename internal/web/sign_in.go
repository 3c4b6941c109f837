package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	page, err := s.frame(r.Context(), "Sign in")
	if err != nil {
		return err
	}
	return render(w, r, http.StatusOK, templates.SignInPage{Page: page}.View())
}

// signIn lets a member in. Whether the address, the password or both are wrong is not told, not by the time it takes either.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	again := templates.SignInPage{Page: s.lastFrame("Sign in"), Email: text(values, "email")}
	attempt, err := s.db.BeginSignIn(r.Context(), staff.AccountDigest(s.secret, again.Email), s.stranger(r))
	if errors.Is(err, fault.TooMany) {
		again.TooMany = true
		w.Header().Set("Retry-After", strconv.Itoa(int(staff.AttemptSpan.Seconds())))
		return render(w, r, http.StatusTooManyRequests, again.View())
	}
	if err != nil {
		return err
	}
	m, match, err := s.recognised(r.Context(), again.Email, values.Get("password"))
	if err != nil {
		// Nothing was found out: it counts for nobody.
		return errors.Join(err, s.db.EndSignIn(context.WithoutCancel(r.Context()), attempt))
	}
	if !match {
		again.Wrong = true
		return render(w, r, http.StatusUnprocessableEntity, again.View())
	}
	if err := s.db.EndSignIn(r.Context(), attempt); err != nil {
		return err
	}
	return s.startSession(w, r, m.ID)
}

// recognised reports whether the password is that of the member with the address.
func (s *Server) recognised(ctx context.Context, email, password string) (staff.Member, bool, error) {
	m, hash, err := s.db.MemberByEmail(ctx, email)
	if err != nil {
		return m, false, err
	}
	match, err := staff.PasswordMatches(ctx, password, hash)
	return m, match, err
}

// stranger is the client's digest. All whom a trusted proxy does not name are one stranger here.
func (s *Server) stranger(r *http.Request) []byte {
	if client := s.client(r); client != nil {
		return client
	}
	return []byte("unnamed")
}
