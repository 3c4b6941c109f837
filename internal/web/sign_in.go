package web

import (
	"errors"
	"fmt"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	return s.signInPage(w, r, http.StatusOK, auth.SignInPage{
		Ended: r.URL.Query().Has("ended"), Late: r.URL.Query().Has("late"),
	})
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, status int, p auth.SignInPage) (err error) {
	if p.Page, err = s.frame(r.Context(), "Sign in"); err != nil {
		return err
	}
	p.Onward, p.Done = onward(r), doneMessage(r)
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
	values, err := readForm(r)
	if err != nil {
		return err
	}
	again := auth.SignInPage{Email: text(values, "email")}
	m, hash, err := s.db.MemberByEmail(r.Context(), again.Email)
	if err != nil {
		return err
	}
	client, known := s.knocking(r, m, hash)
	d := door{staff.AccountDigest(s.secret, again.Email), client, staff.Attempts.TooMany}
	try := func() (bool, error) { return staff.PasswordMatches(r.Context(), values.Get("password"), hash, known) }
	match, err := s.attempt(r, d, try)
	if known && errors.Is(err, fault.TooMany) { // somebody may have made off with what the browser keeps
		d.client = s.caller(r)
		match, err = s.attempt(r, d, try)
	}
	if errors.Is(err, fault.TooMany) {
		return s.signInPage(w, r, http.StatusTooManyRequests, again)
	}
	if match {
		err = s.startSession(w, r, m, hash, wayBack(r))
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if !match || err != nil { // the password was changed in between
		if err := s.db.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		again.Wrong = "The email address or the password is wrong. Check both and try again."
		return s.signInPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return nil
}

// knocking is a digest of who tries to sign in: of the browser, if it is one that the member has signed in with before, or
// of its network address. All whom a trusted proxy does not name are one.
func (s *Server) knocking(r *http.Request, m staff.Member, hash string) (client []byte, known bool) {
	if device := s.device(r, m, hash); device != "" {
		return lead.Digest(s.secret, "device", device), true
	}
	return s.caller(r), false
}

func (s *Server) caller(r *http.Request) []byte {
	if client := s.client(r); client != nil {
		return client
	}
	return []byte("unnamed")
}

const deviceYear = 365 * 24 * 60 * 60 // seconds

// device is what the browser keeps of the member, or "" if that does not fit them and their password.
func (s *Server) device(r *http.Request, m staff.Member, hash string) string {
	kept, err := r.Cookie(s.deviceName(m))
	if err != nil {
		return ""
	}
	return staff.KnownDevice(s.secret, kept.Value, m.Email, hash)
}

// remember has the browser of a member who is in keep a device. That lets nobody in: it tells the browser from a stranger's
// while strangers flood the door.
func (s *Server) remember(w http.ResponseWriter, v staff.Visit, hash string) {
	kept := s.cookie(staff.NewDevice(s.secret, v.Session, v.Email, hash))
	kept.Name = s.deviceName(v.Member)
	kept.MaxAge = deviceYear
	http.SetCookie(w, kept)
}

// deviceName is the member's own, so that members who share a browser are both known in it.
func (s *Server) deviceName(m staff.Member) string {
	return fmt.Sprintf("%s-device-%d", s.cookieName(), m.ID)
}
