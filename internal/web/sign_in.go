package web

import (
	"context"
	"errors"
	"fmt"
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
	return render(w, r, http.StatusOK, templates.SignInPage{Page: page, Changed: r.URL.Query().Has("changed")}.View())
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
	client, known := s.knocking(r, m, hash)
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
			err = s.startSession(w, r, m, hash)
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
func (s *Server) remember(w http.ResponseWriter, m staff.Member, hash string) {
	kept := s.cookie(staff.NewDevice(s.secret, m.Email, hash))
	kept.Name = s.deviceName(m)
	kept.MaxAge = deviceYear
	http.SetCookie(w, kept)
}

// deviceName is the member's own, so that members who share a browser are both known in it.
func (s *Server) deviceName(m staff.Member) string {
	return fmt.Sprintf("%s-device-%d", s.cookieName(), m.ID)
}
