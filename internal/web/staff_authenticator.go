package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// beginAuthenticator makes a seed for an app; it counts once the app has shown its first code.
func (s *Server) beginAuthenticator(w http.ResponseWriter, r *http.Request) error {
	err := s.db.BeginAuthenticator(r.Context(), memberOf(r).ID, visitOf(r).Session, staff.NewSeed())
	if errors.Is(err, fault.NotFound) {
		return s.sendElsewhere(w, r, s.signInFor(r))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, authenticatorPath, http.StatusSeeOther)
	return nil
}

func (s *Server) showAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return s.authenticatorPage(w, r, http.StatusOK, nil)
}

func (s *Server) authenticatorPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	seed, err := s.db.BegunSeed(r.Context(), visitOf(r).Session)
	if errors.Is(err, fault.NotFound) { // it is set up, or was never begun here
		http.Redirect(w, r, factorsPath, http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	p := auth.AuthenticatorPage{Wrong: wrong}
	if p.Page, err = s.deskFrame(r, "Set up an authenticator app"); err != nil {
		return err
	}
	if p.Setup, err = staff.NewSetup(seed, p.Brand(), memberOf(r).Email); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

func (s *Server) confirmAuthenticator(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(r)
	if err != nil {
		return err
	}
	err = s.changeFactors(w, r, "app-added", func(t staff.Rotation) (bool, error) {
		return s.db.ConfirmAuthenticator(r.Context(), memberOf(r).ID, visitOf(r).Session, text(values, byCode), t)
	})
	if errors.Is(err, staff.ErrWrongCode) {
		return s.authenticatorPage(w, r, http.StatusUnprocessableEntity, wrongProof(byCode))
	}
	return err
}

func (s *Server) removeAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return s.changeFactors(w, r, "app-removed", func(t staff.Rotation) (bool, error) {
		return false, s.db.RemoveAuthenticator(r.Context(), memberOf(r).ID, t)
	})
}
