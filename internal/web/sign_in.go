package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	return s.signInPage(w, r, http.StatusOK, templates.SignInPage{})
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, status int, p templates.SignInPage) (err error) {
	if p.Page, err = s.frame(r.Context(), "Sign in"); err != nil {
		return err
	}
	if p.Passkey, err = s.passkeyRequest(r.Context(), staff.PasskeySignIn); err != nil {
		return err
	}
	if status == http.StatusTooManyRequests {
		p.TooMany = true
		tooManyHeader(w)
	}
	return render(w, r, status, p.View())
}

// signIn lets a member in, or halfway in who has a second factor. Whether the address, the password or both are wrong is not
// told, not by the time it takes either.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	again := templates.SignInPage{Email: text(values, "email")}
	m, hash, err := s.db.MemberByEmail(r.Context(), again.Email)
	if err != nil {
		return err
	}
	client, known := s.knocking(r, again.Email, hash)
	d := door{staff.AccountDigest(s.secret, again.Email), client, staff.Attempts.TooMany}
	match, err := s.attempt(r, d, func() (bool, error) {
		return staff.PasswordMatches(r.Context(), values.Get("password"), hash, known)
	})
	if errors.Is(err, fault.TooMany) {
		return s.signInPage(w, r, http.StatusTooManyRequests, again)
	}
	if match {
		err = s.startSession(w, r, m.ID, hash)
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if !match || err != nil { // the password was changed in between
		if err := s.db.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		again.Wrong = "This e-mail and password do not go together. Check both and try again."
		return s.signInPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return nil
}

// knocking is a digest of who tries to sign in: of the browser, if it is one that the member has signed in with before, or
// of its network address. All whom a trusted proxy does not name are one.
func (s *Server) knocking(r *http.Request, email, hash string) (client []byte, known bool) {
	if kept, err := r.Cookie(s.cookieName() + deviceSuffix); err == nil {
		if device := staff.KnownDevice(s.secret, kept.Value, email, hash); device != "" {
			return lead.Digest(s.secret, "device", device), true
		}
	}
	return s.clientOrUnnamed(r), false
}

func (s *Server) clientOrUnnamed(r *http.Request) []byte {
	if client := s.client(r); client != nil {
		return client
	}
	return []byte("unnamed")
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
