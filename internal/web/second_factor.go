package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

func (s *Server) showCode(w http.ResponseWriter, r *http.Request) error {
	return s.codePage(w, r, http.StatusOK, nil)
}

func (s *Server) codePage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := templates.CodePage{Page: s.lastFrame("Second factor")}
	if p.Factors, err = s.db.Factors(r.Context(), memberOf(r).ID); err != nil {
		return err
	}
	if len(p.Factors.Passkeys) > 0 {
		if p.Passkey, err = s.passkeyRequest(r.Context(), staff.PasskeySignIn); err != nil {
			return err
		}
	}
	p.Wrong = wrong
	return render(w, r, status, p.View())
}

// finishSignIn takes a one-time code or a recovery code; a passkey signs in by itself.
func (s *Server) finishSignIn(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	m, token := memberOf(r), staff.NewToken()
	p := staff.Proof{Code: text(values, "code"), RecoveryCode: text(values, "recovery")}
	if p == (staff.Proof{}) {
		return s.codePage(w, r, http.StatusUnprocessableEntity, wrongProof(p))
	}
	holds, err := s.attempt(r, s.proofDoor(r, m, p), func() (bool, error) {
		return s.db.FinishSignIn(r.Context(), m.ID, p, s.sessionOf(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, "/staff/sign-in", http.StatusSeeOther)
		return nil
	case errors.Is(err, fault.TooMany):
		tooManyHeader(w)
		return s.codePage(w, r, http.StatusTooManyRequests, tooManyProofs(p))
	case err != nil:
		return err
	case !holds:
		if err := s.db.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		return s.codePage(w, r, http.StatusUnprocessableEntity, wrongProof(p))
	}
	s.enter(w, r, token, "/staff/leads")
	return nil
}

// wrongProof says what is wrong with it, beside its field.
func wrongProof(p staff.Proof) fault.Invalid {
	switch {
	case p.Code != "":
		return fault.Invalid{{Name: "code", Message: "This is not the code of now. Each code works once: wait for the next one, and check that your device's clock is right."}}
	case p.RecoveryCode != "":
		return fault.Invalid{{Name: "recovery", Message: "This is none of your recovery codes that are left. Each works once."}}
	case p.PasswordHash != "":
		return fault.Invalid{{Name: "password", Message: "This is not your password."}}
	}
	return fault.Invalid{{Name: "code", Message: "Enter the code that your app shows, or use another way below."}}
}

// tooManyProofs says that it was not even looked at.
func tooManyProofs(p staff.Proof) fault.Invalid {
	wrong := wrongProof(p)
	wrong[0].Message = "Too many attempts have failed. Try again in a quarter of an hour, or use another way."
	return wrong
}
