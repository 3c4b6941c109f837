package web

import (
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates/auth"
)

// maxPasskeyName bounds the name of a passkey, in characters.
const maxPasskeyName = 60

// keyholder is the member who asks, as their passkeys know them, and the time.
func (s *Server) keyholder(r *http.Request) (k staff.Keyholder, now time.Time, err error) {
	if k, err = s.db.Keyholder(r.Context(), memberOf(r).ID); err == nil {
		now, err = s.db.Now(r.Context())
	}
	return k, now, err
}

// addPasskey keeps the passkey that the browser made.
func (s *Server) addPasskey(w http.ResponseWriter, r *http.Request) error {
	if s.passkeys == nil {
		return fault.NotFound
	}
	values, err := readForm(r)
	if err != nil {
		return err
	}
	name := oneLine(values, "name")
	if name == "" {
		name = staff.Browser(r.UserAgent())
	}
	if utf8.RuneCountInString(name) > maxPasskeyName {
		return s.factorsPage(w, r, http.StatusUnprocessableEntity, auth.FactorsPage{
			Name: name, Wrong: fault.Invalid{{Name: "name", Message: "A name holds up to 60 characters. Shorten it."}},
		})
	}
	err = s.changeFactors(w, r, "passkey-added", func(t staff.Rotation) (bool, error) {
		k, now, err := s.keyholder(r)
		if err != nil {
			return false, err
		}
		answer, err := s.passkeys.Created(k, values.Get(byPasskey), now)
		if err != nil {
			return false, err
		}
		return s.db.AddPasskey(r.Context(), k.ID, name, answer, t)
	})
	if wrong := s.refusal(r, memberOf(r).ID, err); wrong != nil {
		return s.factorsPage(w, r, http.StatusUnprocessableEntity, auth.FactorsPage{Name: name, Wrong: wrong})
	}
	return err
}

func (s *Server) removePasskey(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		return fault.NotFound
	}
	return s.changeFactors(w, r, "passkey-removed", func(t staff.Rotation) (bool, error) {
		return false, s.db.RemovePasskey(r.Context(), memberOf(r).ID, id, t)
	})
}
