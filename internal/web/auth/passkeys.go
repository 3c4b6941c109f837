package auth

import (
	"net/http"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// maxPasskeyName bounds the name of a passkey, in characters.
const maxPasskeyName = 60

// passkeyUser returns the member who asks, with their passkeys, and the time.
func (h *Handlers) passkeyUser(r *http.Request) (k staff.PasskeyUser, now time.Time, err error) {
	if k, err = h.DB.PasskeyUser(r.Context(), page.Member(r).ID); err == nil {
		now, err = h.DB.Now(r.Context())
	}
	return k, now, err
}

// AddPasskey stores the passkey that the browser made.
func (h *Handlers) AddPasskey(w http.ResponseWriter, r *http.Request) error {
	if h.passkeys == nil {
		return fault.NotFound
	}
	values := page.Form(r)
	name := page.OneLine(values, "name")
	if name == "" {
		name = staff.Browser(r.UserAgent())
	}
	if utf8.RuneCountInString(name) > maxPasskeyName {
		return h.factorsPage(w, r, http.StatusUnprocessableEntity, auth.FactorsPage{
			Name: name, Wrong: fault.Invalid{{Name: "name", Message: "A name can have up to 60 characters. Shorten it."}},
		})
	}
	err := h.changeFactors(w, r, "passkey-added", func(t staff.Rotation) (bool, error) {
		k, now, err := h.passkeyUser(r)
		if err != nil {
			return false, err
		}
		answer, err := h.passkeys.Created(k, values.Get(page.PasskeyField), now)
		if err != nil {
			return false, err
		}
		return h.DB.AddPasskey(r.Context(), k.ID, name, answer, t)
	})
	if wrong := h.passkeyRefusal(r, page.Member(r).ID, err); wrong != nil {
		return h.factorsPage(w, r, http.StatusUnprocessableEntity, auth.FactorsPage{Name: name, Wrong: wrong})
	}
	return err
}

func (h *Handlers) RemovePasskey(w http.ResponseWriter, r *http.Request) error {
	id, err := page.ID(r, "id")
	if err != nil {
		return err
	}
	return h.changeFactors(w, r, "passkey-removed", func(t staff.Rotation) (bool, error) {
		return false, h.DB.RemovePasskey(r.Context(), page.Member(r).ID, id, t)
	})
}
