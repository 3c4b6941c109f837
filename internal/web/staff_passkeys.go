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

// passkeyCreation is what a browser is asked for a new passkey with.
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
