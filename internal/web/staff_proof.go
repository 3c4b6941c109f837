package web

import (
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// provenPlaces are where a member who was asked for a proof goes on, by the word in the page's address: below which address they
// were asked, and where they can repeat what they wanted. All others go to their second factors.
var provenPlaces = map[string]struct{ below, back string }{
	"app":      {authenticatorPath, authenticatorPath},
	"sessions": {"/staff/account/sessions/", "/staff/account#sessions"},
	"team":     {teamPath, teamPath},
}

func afterProof(r *http.Request) string {
	if place, asked := provenPlaces[r.URL.Query().Get("to")]; asked {
		return place.back
	}
	return factorsPath
}

// showProof asks the member to show once more that it is them, before what is for the proven only.
func (s *Server) showProof(w http.ResponseWriter, r *http.Request) error {
	return s.proofPage(w, r, http.StatusOK, nil)
}

func (s *Server) proofPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	p := auth.ProofPage{Action: proofPath}
	if to := r.URL.Query().Get("to"); provenPlaces[to].back != "" {
		p.Action = withQuery(proofPath, url.Values{"to": {to}})
	}
	if p.Page, err = s.deskFrame(r, "Show that it is you"); err != nil {
		return err
	}
	if p.Proving, err = s.proving(r, staff.PasskeyProof(memberOf(r).ID), wrong); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

// takeProof opens for a while what asks for a proof, with a new token for the session.
func (s *Server) takeProof(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	m, token, g := memberOf(r), staff.NewToken(), readGiven(values, byCode, byRecovery, byPasskey, byPassword)
	if g.way == "" {
		return s.proofPage(w, r, http.StatusUnprocessableEntity, wrongProof(g.way))
	}
	wrong := wrongProof(g.way)
	holds, err := s.attempt(r, s.proofDoor(r, m, g.way), func() (holds bool, err error) {
		p, err := s.proofOf(r, m, g)
		if err == nil {
			holds, err = s.db.Prove(r.Context(), m.ID, p, s.sessionOf(r), staff.Digest(token))
		}
		if refusal := s.refusal(r, m.ID, err); refusal != nil {
			wrong = refusal
			return false, nil
		}
		return holds, err
	})
	switch {
	case errors.Is(err, fault.TooMany):
		return s.proofPage(w, r, http.StatusTooManyRequests, tooManyProofs(w, g.way))
	case errors.Is(err, fault.NotFound):
		http.Redirect(w, r, s.signInFor(r), http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case !holds:
		if err := errors.Join(s.db.RecordFailedProof(r.Context(), m.ID), s.warnOfGuesses(r, m, g.way)); err != nil {
			return err
		}
		return s.proofPage(w, r, http.StatusUnprocessableEntity, wrong)
	}
	s.enter(w, r, token, afterProof(r))
	return nil
}
