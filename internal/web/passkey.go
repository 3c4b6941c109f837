package web

import (
	"context"
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// passkeyRequest is what the page asks a passkey with; "" where there are none.
func (s *Server) passkeyRequest(ctx context.Context, purpose staff.Purpose) (string, error) {
	if s.passkeys == nil {
		return "", nil
	}
	now, err := s.db.Now(ctx)
	if err != nil {
		return "", err
	}
	return s.passkeys.RequestOptions(purpose, now)
}

// passkeyAnswer checks a passkey's answer and returns whose it is, or a fault.Invalid.
func (s *Server) passkeyAnswer(ctx context.Context, purpose staff.Purpose, answer string) (k staff.Keyholder, a staff.Answer, err error) {
	if s.passkeys == nil {
		return k, a, wrongProof(byPasskey)
	}
	now, err := s.db.Now(ctx)
	if err != nil {
		return k, a, err
	}
	return s.passkeys.Used(purpose, answer, now, func(handle []byte) (staff.Keyholder, error) { return s.db.KeyholderByHandle(ctx, handle) })
}

// signInByPasskey lets a member in by a passkey alone, which is two factors: the device and what unlocks it. Nobody can guess
// one, so answers are looked at however many failed before.
func (s *Server) signInByPasskey(w http.ResponseWriter, r *http.Request) error {
	if s.passkeys == nil {
		return fault.NotFound
	}
	values, err := readForm(r)
	if err != nil {
		return err
	}
	token := staff.NewToken()
	member, err := s.signInWith(r, values.Get(byPasskey), token)
	if errors.Is(err, fault.NotFound) { // disabled, or the passkey was taken away
		err = wrongProof(byPasskey)
	}
	if wrong := s.refusal(r, member, err); wrong != nil {
		return s.refusePasskey(w, r, member, wrong)
	}
	if err != nil {
		return err
	}
	s.enter(w, r, token, wayBack(r))
	return nil
}

// signInWith makes a session for whose passkey answered and returns who that is, also where it does not.
func (s *Server) signInWith(r *http.Request, answer, token string) (member int64, err error) {
	k, a, err := s.passkeyAnswer(r.Context(), staff.PasskeySignIn, answer)
	if err != nil {
		return k.ID, err
	}
	hash, err := s.db.PasswordHash(r.Context(), k.ID)
	if err != nil {
		return k.ID, err
	}
	return k.ID, s.db.SignInByPasskey(r.Context(), k.ID, a, s.newSession(r, k.Member, hash, token))
}

// refusePasskey shows the page that the passkey was asked for on: that of who is halfway in, or the door. What strangers fail
// at is written down within bounds, for the audit is kept.
func (s *Server) refusePasskey(w http.ResponseWriter, r *http.Request, member int64, wrong fault.Invalid) error {
	d := s.proofDoor(r, staff.Member{}, byPasskey)
	d.account = d.client // of nobody, whom all strangers would share
	_, err := s.attempt(r, d, func() (bool, error) { return false, s.db.RecordFailedSignIn(r.Context(), member) })
	if err != nil && !errors.Is(err, fault.TooMany) {
		return err
	}
	if v, err := s.db.HalfSession(r.Context(), s.sessionOf(r)); err == nil {
		return s.codePage(w, visitedBy(r, v), http.StatusUnprocessableEntity, wrong)
	}
	return s.signInPage(w, r, http.StatusUnprocessableEntity, auth.SignInPage{Wrong: wrong[0].Message})
}
