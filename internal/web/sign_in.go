package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
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
	m, hash, err := s.db.MemberByEmail(r.Context(), again.Email)
	if err != nil {
		return err
	}
	client, known := s.knocking(r, again.Email, hash)
	attempt, err := s.db.BeginSignIn(r.Context(), staff.AccountDigest(s.secret, again.Email), client)
	if errors.Is(err, fault.TooMany) {
		again.TooMany = true
		w.Header().Set("Retry-After", strconv.Itoa(int(staff.AttemptSpan.Seconds())))
		return render(w, r, http.StatusTooManyRequests, again.View())
	}
	if err != nil {
		return err
	}
	match, err := staff.PasswordMatches(r.Context(), values.Get("password"), hash, known)
	if err != nil {
		// Nothing was found out: it counts for nobody.
		return errors.Join(err, s.db.EndSignIn(context.WithoutCancel(r.Context()), attempt))
	}
	if match {
		if err = s.db.EndSignIn(r.Context(), attempt); err == nil {
			err = s.startSession(w, r, m.ID, hash)
		}
	}
	if !match || errors.Is(err, fault.NotFound) { // the password was changed in between
		if err := s.db.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		again.Wrong = true
		return render(w, r, http.StatusUnprocessableEntity, again.View())
	}
	return err
}

// knocking is a digest of who tries to sign in: of the browser, if it is one that the member has signed in with before, or
// of its network address. All whom a trusted proxy does not name are one.
func (s *Server) knocking(r *http.Request, email, hash string) (client []byte, known bool) {
	if kept, err := r.Cookie(s.cookieName() + deviceSuffix); err == nil {
		if device := staff.KnownDevice(s.secret, kept.Value, email, hash); device != "" {
			return lead.Digest(s.secret, "device", device), true
		}
	}
	if client := s.client(r); client != nil {
		return client, false
	}
	return []byte("unnamed"), false
}

const (
	deviceSuffix = "-device"
	deviceYear   = 365 * 24 * 60 * 60 // seconds
)

// remember has the browser of a member who is in keep a device, if it has none. That lets nobody in: it tells the browser
// from a stranger's while strangers flood the door.
func (s *Server) remember(w http.ResponseWriter, r *http.Request, m staff.Member) error {
	if _, err := r.Cookie(s.cookieName() + deviceSuffix); err == nil {
		return nil
	}
	_, hash, err := s.db.MemberByEmail(r.Context(), m.Email)
	if err != nil {
		return err
	}
	kept := s.cookie(staff.NewDevice(s.secret, m.Email, hash))
	kept.Name += deviceSuffix
	kept.MaxAge = deviceYear
	http.SetCookie(w, kept)
	return nil
}
