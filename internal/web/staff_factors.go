package web

import (
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// showFactors is where a member sees and changes their second factors.
func (s *Server) showFactors(w http.ResponseWriter, r *http.Request) error {
	return s.factorsPage(w, r, http.StatusOK, templates.FactorsPage{Saved: r.URL.Query().Has("saved")})
}

func (s *Server) factorsPage(w http.ResponseWriter, r *http.Request, status int, p templates.FactorsPage) (err error) {
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
		if p.Passkey, err = s.passkeyCreation(r, p.Brand()); err != nil {
			return err
		}
	}
	p.Browser, p.BaseURL = staff.Browser(r.UserAgent()), s.baseURL.String()
	return render(w, r, status, p.View())
}

func (s *Server) renewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	return s.changeFactors(w, r, func(oldToken, newToken []byte) ([]string, error) {
		codes := staff.NewRecoveryCodes()
		return codes, s.db.RenewRecoveryCodes(r.Context(), memberOf(r).ID, digests(codes), oldToken, newToken)
	})
}

// changeFactors makes a change that gives the session another token, and shows the recovery codes that came of it, this once.
func (s *Server) changeFactors(w http.ResponseWriter, r *http.Request, change func(oldToken, newToken []byte) (codes []string, err error)) error {
	token := staff.NewToken()
	codes, err := change(s.sessionOf(r), staff.Digest(token))
	switch {
	case errors.Is(err, staff.ErrFactorRequired):
		return s.factorsPage(w, r, http.StatusConflict, templates.FactorsPage{
			Refused: "Nothing was changed: your team requires a second factor, and this is your last one. Set up another first.",
		})
	case errors.Is(err, fault.NotFound), errors.Is(err, fault.Conflict): // what was to be changed is gone, or there already
		http.Redirect(w, r, factorsPath, http.StatusSeeOther)
		return nil
	case err != nil:
		return err
	case codes == nil:
		s.enter(w, r, token, factorsPath+"?saved=yes")
		return nil
	}
	p := templates.RecoveryPage{Codes: codes}
	if p.Page, err = s.deskFrame(r, "Recovery codes"); err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(token))
	return render(w, r, http.StatusOK, p.View())
}

func digests(codes []string) [][]byte {
	all := make([][]byte, len(codes))
	for i, code := range codes {
		all[i] = staff.RecoveryDigest(code)
	}
	return all
}
