package web

import (
	"context"
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
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
		return k, a, fault.NotFound
	}
	now, err := s.db.Now(ctx)
	if err != nil {
		return k, a, err
	}
	return s.passkeys.Used(purpose, answer, now, func(handle []byte) (staff.Keyholder, error) { return s.db.KeyholderByHandle(ctx, handle) })
}

// signInByPasskey lets a member in by a passkey alone, which is two factors: the device and what unlocks it.
func (s *Server) signInByPasskey(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	var wrong fault.Invalid
	var k staff.Keyholder
	token := staff.NewToken()
	d := door{staff.AccountDigest(s.secret, "passkey:"), s.caller(r), staff.Attempts.TooMany}
	holds, err := s.attempt(r, d, func() (bool, error) {
		var a staff.Answer
		k, a, err = s.passkeyAnswer(r.Context(), staff.PasskeySignIn, values.Get("credential"))
		if err == nil {
			err = s.signInWith(r, k.Member, a, token)
		}
		switch {
		case errors.As(err, &wrong):
			return false, nil
		case s.passkeys != nil && (errors.Is(err, fault.NotFound) || errors.Is(err, fault.Conflict)): // taken away, or answered before
			wrong = fault.Invalid{{Name: "passkey", Message: "This passkey was not taken. Try once more."}}
			return false, nil
		}
		return err == nil, err
	})
	if errors.Is(err, fault.TooMany) {
		return s.signInPage(w, r, http.StatusTooManyRequests, templates.SignInPage{})
	}
	if err != nil {
		return err
	}
	if !holds {
		if err := s.db.RecordFailedSignIn(r.Context(), k.ID); err != nil {
			return err
		}
		return s.signInPage(w, r, http.StatusUnprocessableEntity, templates.SignInPage{Wrong: wrong[0].Message})
	}
	if err := s.endSession(r); err != nil {
		return err
	}
	s.enter(w, r, token, "/staff/leads")
	return nil
}

func (s *Server) signInWith(r *http.Request, m staff.Member, a staff.Answer, token string) error {
	hash, err := s.db.PasswordHash(r.Context(), m.ID)
	if err != nil {
		return err
	}
	return s.db.SignInByPasskey(r.Context(), m.ID, a, s.newSession(r, m, hash, token))
}
