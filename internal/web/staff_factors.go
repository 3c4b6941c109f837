package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// showFactors is where a member sees and changes their second factors.
func (s *Server) showFactors(w http.ResponseWriter, r *http.Request) error {
	return s.factorsPage(w, r, http.StatusOK, auth.FactorsPage{
		Recovered: r.URL.Query().Has("recovered"),
	})
}

func (s *Server) factorsPage(w http.ResponseWriter, r *http.Request, status int, p auth.FactorsPage) (err error) {
	ctx := r.Context()
	if p.Page, err = s.deskFrame(r, "Second factor"); err != nil {
		return err
	}
	if p.Factors, err = s.db.Factors(ctx, memberOf(r).ID); err != nil {
		return err
	}
	if p.Required, err = s.db.FactorRequired(ctx); err != nil {
		return err
	}
	if s.passkeys != nil {
		k, now, err := s.keyholder(r)
		if err != nil {
			return err
		}
		if p.Passkey, err = s.passkeys.CreationOptions(k, p.Brand(), now); err != nil {
			return err
		}
	}
	if p.BaseURL = s.baseURL.String(); p.Name == "" {
		p.Name = staff.Browser(r.UserAgent())
	}
	return render(w, r, status, p.View())
}

func (s *Server) renewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	return s.changeFactors(w, r, "codes-renewed", func(t staff.Rotation) (bool, error) {
		return true, s.db.RenewRecoveryCodes(r.Context(), memberOf(r).ID, t)
	})
}

// changeFactors makes a change that gives the session another token, says that the act worked and shows the recovery codes if
// they were given, this once.
func (s *Server) changeFactors(w http.ResponseWriter, r *http.Request, act string, change func(t staff.Rotation) (given bool, err error)) error {
	// Before the change: what fails after it would lose the token, and the codes.
	p := auth.RecoveryPage{Codes: staff.NewRecoveryCodes()}
	var err error
	if p.Page, err = s.deskFrame(r, "Recovery codes"); err != nil {
		return err
	}
	p.Done = doneMessageFor(act)
	token := staff.NewToken()
	given, err := change(staff.NewRotation(s.sessionOf(r), token, p.Codes))
	switch {
	case errors.Is(err, staff.ErrFactorRequired):
		return s.factorsPage(w, r, http.StatusConflict, auth.FactorsPage{
			Refused: "Nothing was changed: your team requires a second factor, and this is your last one. Set up another first.",
		})
	case errors.Is(err, fault.NotFound): // what was to be changed is gone
		http.Redirect(w, r, factorsPath, http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	}
	http.SetCookie(w, s.cookie(token))
	if !given {
		return done(w, r, factorsPath, act)
	}
	return render(w, r, http.StatusOK, p.View())
}
