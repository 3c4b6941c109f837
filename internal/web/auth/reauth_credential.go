package auth

import (
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// credential is what somebody gives to show that it is them: one way, which is the form's field, with what was typed or answered.
type credential struct{ method, value string }

// readCredential reads the one way of those that are open. Two at once are none: each is judged by bounds of its own.
func readCredential(values url.Values, open ...string) (g credential) {
	for _, way := range open {
		words := page.Text(values, way)
		if way == page.PasswordField {
			words = values.Get(way) // to the letter
		}
		switch {
		case words == "":
		case g.method != "":
			return credential{}
		default:
			g = credential{way, words}
		}
	}
	return g
}

// verifyCredential is what was given, as the store takes it. A passkey's answer and a password are checked here, and a
// fault.Invalid
// says what is wrong with them.
func (h *Handlers) verifyCredential(r *http.Request, m staff.Member, g credential) (p staff.Credential, err error) {
	switch g.method {
	case page.CodeField:
		p.Code = g.value
	case page.RecoveryField:
		p.RecoveryCode = g.value
	case page.PasskeyField:
		var k staff.Keyholder
		var answer staff.Answer
		k, answer, err = h.passkeyAnswer(r.Context(), staff.PasskeyProof(m.ID), g.value)
		if err == nil && k.ID != m.ID {
			err = fault.Invalid{{Name: "proof", Message: "This passkey belongs to someone else. Use one of yours."}}
		}
		p.Passkey = &answer
	case page.PasswordField:
		var match bool
		if p.PasswordHash, match, err = h.ownPassword(r, g.value); err == nil && !match {
			err = wrongCredential(page.PasswordField)
		}
	}
	return p, err
}

// ownPassword compares what was typed with the password of the signed-in member, and returns its hash.
func (h *Handlers) ownPassword(r *http.Request, typed string) (hash string, match bool, err error) {
	if hash, err = h.DB.PasswordHash(r.Context(), page.Member(r).ID); err == nil {
		match, err = staff.PasswordMatches(r.Context(), typed, hash)
	}
	return hash, match, err
}

// reauthOptions is what the pages show that ask the member for a proof.
func (h *Handlers) reauthOptions(r *http.Request, purpose staff.Purpose, wrong fault.Invalid) (p auth.Proving, err error) {
	p.Wrong = wrong
	if p.Factors, err = h.DB.Factors(r.Context(), page.Member(r).ID); err == nil && len(p.Factors.Passkeys) > 0 {
		p.Passkey, err = h.passkeyRequest(r.Context(), purpose)
	}
	return p, err
}

// wrongCredential says what is wrong, beside the field of the way or, under the name "proof", above all.
func wrongCredential(way string) fault.Invalid {
	switch way {
	case page.CodeField:
		return fault.Invalid{{
			Name:    page.CodeField,
			Message: "That code didn’t work. Wait for the next one, and check your device’s clock.",
		}}
	case page.RecoveryField:
		return fault.Invalid{{Name: page.RecoveryField, Message: "This recovery code is not valid, or you have already used it."}}
	case page.PasswordField:
		return fault.Invalid{{Name: page.PasswordField, Message: "This is not your password."}}
	case page.PasskeyField:
		return fault.Invalid{{Name: "proof", Message: "That passkey didn’t work. Try again."}}
	}
	return fault.Invalid{{Name: "proof", Message: "Choose one of these ways."}}
}

// tooManyAttempts says that it was not even looked at.
func tooManyAttempts(w http.ResponseWriter, way string) fault.Invalid {
	tooManyHeader(w)
	wrong := wrongCredential(way)
	wrong[0].Message = "Too many failed attempts. Try again in 15 minutes."
	if way != page.PasswordField {
		wrong[0].Message += " You can still use another way."
	}
	return wrong
}

// passkeyRefusal is what the member is told of a passkey that did not do; the cause goes into the log. It is nil where the
// error is
// of another kind.
func (h *Handlers) passkeyRefusal(r *http.Request, member int64, err error) (wrong fault.Invalid) {
	switch {
	case errors.As(err, &wrong):
	case errors.Is(err, fault.Conflict): // its challenge was answered before
		wrong = wrongCredential(page.PasskeyField)
	default:
		return nil
	}
	h.Log.Warn("not taken as a proof", "id", page.RequestID(r), "member", member, "cause", err)
	return wrong
}

// warnOfGuesses has the member told by mail where their codes are guessed: whoever does so has their password, or their session.
func (h *Handlers) warnOfGuesses(r *http.Request, m staff.Member, way string) error {
	if way != page.CodeField {
		return nil
	}
	return h.DB.WarnOfGuesses(r.Context(), m.ID, h.reauthThrottle(r, m.ID, way), staff.Browser(r.UserAgent()))
}
