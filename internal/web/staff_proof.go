package web

import (
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// afterProof is where a member goes on, by the word in the page's address.
var afterProof = map[string]string{"": factorsPath, "sessions": "/staff/account#sessions"}

// showProof asks the member to show once more that it is them, before they change their second factors or end sessions.
func (s *Server) showProof(w http.ResponseWriter, r *http.Request) error {
	return s.proofPage(w, r, http.StatusOK, nil)
}

func (s *Server) proofPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := templates.ProofPage{Action: proofPath}
	if to := r.URL.Query().Get("to"); to != "" && afterProof[to] != "" {
		p.Action = withQuery(proofPath, url.Values{"to": {to}})
	}
	if p.Page, err = s.deskFrame(r, "Prove that it is you"); err != nil {
		return err
	}
	if p.Factors, err = s.db.Factors(r.Context(), memberOf(r).ID); err != nil {
		return err
	}
	if len(p.Factors.Passkeys) > 0 {
		if p.Passkey, err = s.passkeyRequest(r.Context(), staff.PasskeyProof(memberOf(r).ID)); err != nil {
			return err
		}
	}
	p.Wrong = wrong
	return render(w, r, status, p.View())
}

// takeProof opens the page of the second factors for a while, with a new token for the session.
func (s *Server) takeProof(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	m, token := memberOf(r), staff.NewToken()
	p := staff.Proof{Code: text(values, "code"), RecoveryCode: text(values, "recovery")}
	var wrong fault.Invalid
	holds, err := s.attempt(r, s.proofDoor(r, m, p), func() (bool, error) {
		if err := s.readProof(r, m, &p, values.Get("credential"), values.Get("password")); err != nil {
			if errors.As(err, &wrong) {
				err = nil
			}
			return false, err
		}
		return s.db.Prove(r.Context(), m.ID, p, s.sessionOf(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.TooMany):
		tooManyHeader(w)
		return s.proofPage(w, r, http.StatusTooManyRequests, tooManyProofs(p))
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, "/staff/sign-in", http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case !holds && wrong == nil:
		wrong = wrongProof(p)
	}
	if wrong != nil {
		if err := s.db.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		return s.proofPage(w, r, http.StatusUnprocessableEntity, wrong)
	}
	to := afterProof[r.URL.Query().Get("to")]
	if to == "" {
		to = factorsPath
	}
	s.enter(w, r, token, to)
	return nil
}

// readProof adds to the proof what has to be checked before it can be taken: a passkey's answer or the password.
func (s *Server) readProof(r *http.Request, m staff.Member, p *staff.Proof, credential, password string) error {
	switch {
	case credential != "":
		k, answer, err := s.passkeyAnswer(r.Context(), staff.PasskeyProof(m.ID), credential)
		if err == nil && k.ID != m.ID {
			err = fault.Invalid{{Name: "passkey", Message: "This passkey is somebody else's. Use one of yours."}}
		}
		p.Passkey = &answer
		return err
	case password != "":
		hash, err := s.db.PasswordHash(r.Context(), m.ID)
		if err != nil {
			return err
		}
		match, err := staff.PasswordMatches(r.Context(), password, hash, true)
		if err == nil && !match {
			err = fault.Invalid{{Name: "password", Message: "This is not your password."}}
		}
		p.PasswordHash = hash
		return err
	}
	return nil
}
