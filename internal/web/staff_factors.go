package web

import (
	"errors"
	"net/http"
	"strconv"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// maxPasskeyName bounds the name of a passkey, in characters.
const maxPasskeyName = 60

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

func (s *Server) passkeyCreation(r *http.Request, brand string) (string, error) {
	k, err := s.db.Keyholder(r.Context(), memberOf(r).ID)
	if err != nil {
		return "", err
	}
	now, err := s.db.Now(r.Context())
	if err != nil {
		return "", err
	}
	return s.passkeys.CreationOptions(k, brand, now)
}

// beginAuthenticator makes a seed for an app; it counts once the app has shown its first code.
func (s *Server) beginAuthenticator(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.BeginAuthenticator(r.Context(), memberOf(r).ID, staff.NewSeed()); err != nil {
		return err
	}
	http.Redirect(w, r, authenticatorPath, http.StatusSeeOther)
	return nil
}

func (s *Server) showAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return s.authenticatorPage(w, r, http.StatusOK, nil)
}

func (s *Server) authenticatorPage(w http.ResponseWriter, r *http.Request, status int, wrong fault.Invalid) (err error) {
	seed, err := s.db.BegunSeed(r.Context(), memberOf(r).ID)
	if errors.Is(err, fault.NotFound) { // it is set up, or was never begun
		http.Redirect(w, r, factorsPath, http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	p := templates.AuthenticatorPage{Wrong: wrong}
	if p.Page, err = s.deskFrame(r, "Set up an authenticator app"); err != nil {
		return err
	}
	if p.Setup, err = staff.NewSetup(seed, p.Brand(), memberOf(r).Email); err != nil {
		return err
	}
	return render(w, r, status, p.View())
}

func (s *Server) confirmAuthenticator(w http.ResponseWriter, r *http.Request) error {
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	code, right := text(values, "code"), true
	err = s.changeFactors(w, r, func(oldToken, newToken []byte) (codes []string, err error) {
		codes = staff.NewRecoveryCodes()
		var given bool
		right, given, err = s.db.ConfirmAuthenticator(r.Context(), memberOf(r).ID, code, digests(codes), oldToken, newToken)
		if !given {
			codes = nil
		}
		if err == nil && !right {
			err = wrongProof(staff.Proof{Code: code})
		}
		return codes, err
	})
	var wrong fault.Invalid
	if errors.As(err, &wrong) {
		return s.authenticatorPage(w, r, http.StatusUnprocessableEntity, wrong)
	}
	return err
}

func (s *Server) removeAuthenticator(w http.ResponseWriter, r *http.Request) error {
	return s.changeFactors(w, r, func(oldToken, newToken []byte) ([]string, error) {
		return nil, s.db.RemoveAuthenticator(r.Context(), memberOf(r).ID, oldToken, newToken)
	})
}

// addPasskey keeps the passkey that the browser made.
func (s *Server) addPasskey(w http.ResponseWriter, r *http.Request) error {
	if s.passkeys == nil {
		return fault.NotFound
	}
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	name := text(values, "name")
	if name == "" {
		name = staff.Browser(r.UserAgent())
	}
	if utf8.RuneCountInString(name) > maxPasskeyName {
		return s.factorsPage(w, r, http.StatusUnprocessableEntity, templates.FactorsPage{Wrong: fault.Invalid{{Name: "name", Message: "A name holds up to 60 characters. Shorten it."}}})
	}
	err = s.changeFactors(w, r, func(oldToken, newToken []byte) ([]string, error) {
		k, err := s.db.Keyholder(r.Context(), memberOf(r).ID)
		if err != nil {
			return nil, err
		}
		now, err := s.db.Now(r.Context())
		if err != nil {
			return nil, err
		}
		answer, err := s.passkeys.Created(k, values.Get("credential"), now)
		if err != nil {
			return nil, err
		}
		codes := staff.NewRecoveryCodes()
		given, err := s.db.AddPasskey(r.Context(), k.ID, name, answer, digests(codes), oldToken, newToken)
		if !given {
			codes = nil
		}
		return codes, err
	})
	var wrong fault.Invalid
	if errors.As(err, &wrong) {
		return s.factorsPage(w, r, http.StatusUnprocessableEntity, templates.FactorsPage{Wrong: wrong})
	}
	return err
}

func (s *Server) removePasskey(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	return s.changeFactors(w, r, func(oldToken, newToken []byte) ([]string, error) {
		return nil, s.db.RemovePasskey(r.Context(), memberOf(r).ID, id, oldToken, newToken)
	})
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
