package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

func (s *Server) showCode(w http.ResponseWriter, r *http.Request) error {
	return s.codePage(w, r, http.StatusOK, nil)
}

func (s *Server) codePage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := auth.CodePage{Page: s.lastFrame("Second factor"), Onward: onward(r)}
	if p.Proving, err = s.proving(r, staff.PasskeySignIn, wrong); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

// finishSignIn takes a one-time code or a recovery code; a passkey signs in by itself.
func (s *Server) finishSignIn(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	m, token, g := memberOf(r), staff.NewToken(), readGiven(values, byCode, byRecovery)
	if g.way == "" {
		return s.codePage(w, r, http.StatusUnprocessableEntity, wrongProof(g.way))
	}
	holds, err := s.attempt(r, s.proofDoor(r, m, g.way), func() (bool, error) {
		p, err := s.proofOf(r, m, g)
		if err != nil {
			return false, err
		}
		return s.db.FinishSignIn(r.Context(), m.ID, p, s.sessionOf(r), staff.Digest(token))
	})
	switch {
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, s.notHalfway(r), http.StatusSeeOther)
		return nil
	case errors.Is(err, fault.TooMany):
		return s.codePage(w, r, http.StatusTooManyRequests, tooManyProofs(w, g.way))
	case err != nil:
		return err
	case !holds:
		if err := errors.Join(s.db.RecordFailedSignIn(r.Context(), m.ID), s.warnOfGuesses(r, m, g.way)); err != nil {
			return err
		}
		return s.codePage(w, r, http.StatusUnprocessableEntity, wrongProof(g.way))
	}
	to := wayBack(r)
	if g.way == byRecovery {
		to = factorsPath + "?recovered=yes"
	}
	s.enter(w, r, token, to)
	return nil
}
