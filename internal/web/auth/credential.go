package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// credential is what a member gives to confirm their identity: the method, which is the name of the form's field, and what was
// typed or answered.
type credential struct{ method, value string }

// readCredential reads the one credential among the methods. If two are posted, neither is used: each has a throttle of its own.
func readCredential(values url.Values, methods ...string) (g credential) {
	for _, method := range methods {
		value := page.Text(values, method)
		if method == page.PasswordField {
			value = values.Get(method) // exactly as typed
		}
		switch {
		case value == "":
		case g.method != "":
			return credential{}
		default:
			g = credential{method, value}
		}
	}
	return g
}

// useCredential counts the attempt, verifies the credential and calls use with it. If the credential does not hold, that is
// recorded, and wrong says why, for a page with the status. The error is a fault.NotFound if the session is over.
func (h *Handlers) useCredential(w http.ResponseWriter, r *http.Request, g credential,
	record func(ctx context.Context, member int64) error, use func(staff.Credential) (holds bool, err error),
) (status int, wrong fault.Invalid, err error) {
	m, wrong := page.Member(r), wrongCredential(g.method)
	if g.method == "" {
		return http.StatusUnprocessableEntity, wrong, nil
	}
	holds, err := h.countAttempt(r, h.reauthThrottle(r, m.ID, g.method), func() (holds bool, err error) {
		c, err := h.verifyCredential(r, m, g)
		if err == nil {
			holds, err = use(c)
		}
		if refusal := h.passkeyRefusal(r, m.ID, err); refusal != nil {
			wrong = refusal
			return false, nil
		}
		return holds, err
	})
	switch {
	case errors.Is(err, fault.TooMany):
		tooManyHeader(w)
		return http.StatusTooManyRequests, tooManyAttempts(g.method), nil
	case holds || err != nil:
		return 0, nil, err
	}
	return http.StatusUnprocessableEntity, wrong, errors.Join(record(r.Context(), m.ID), h.warnOfGuesses(r, m, g.method))
}

// verifyCredential returns the credential as the store takes it. A passkey's answer and a password are checked here, and a
// fault.Invalid says what is wrong with them.
func (h *Handlers) verifyCredential(r *http.Request, m staff.Member, g credential) (p staff.Credential, err error) {
	switch g.method {
	case page.CodeField:
		p.Code = g.value
	case page.RecoveryField:
		p.RecoveryCode = g.value
	case page.PasskeyField:
		var k staff.PasskeyUser
		var answer staff.PasskeyAnswer
		k, answer, err = h.passkeyAnswer(r.Context(), staff.PasskeyReauth(m.ID), g.value)
		if err == nil && k.ID != m.ID {
			err = fault.Invalid{{Name: "credential", Message: "This passkey belongs to someone else. Use one of yours."}}
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

// credentials returns the credentials that a page can ask the member for.
func (h *Handlers) credentials(r *http.Request, purpose staff.Purpose, wrong fault.Invalid) (p auth.Credentials, err error) {
	p.Wrong = wrong
	if p.Factors, err = h.DB.Factors(r.Context(), page.Member(r).ID); err == nil && len(p.Factors.Passkeys) > 0 {
		p.Passkey, err = h.passkeyRequest(r.Context(), purpose)
	}
	return p, err
}

// wrongCredentials say what is wrong with a credential of the method: at its field or, under the name "credential", above all.
var wrongCredentials = map[string]fault.Field{
	page.CodeField: {
		Name: page.CodeField, Message: "That code didn’t work. Wait for the next one, and check your device’s clock.",
	},
	page.RecoveryField: {
		Name: page.RecoveryField, Message: "This recovery code is not valid, or you have already used it.",
	},
	page.PasswordField: {Name: page.PasswordField, Message: "This is not your password."},
	page.PasskeyField:  {Name: "credential", Message: "That passkey didn’t work. Try again."},
	"":                 {Name: "credential", Message: "Choose one of these ways."},
}

func wrongCredential(method string) fault.Invalid { return fault.Invalid{wrongCredentials[method]} }

// tooManyAttempts says that the credential was not even checked.
func tooManyAttempts(method string) fault.Invalid {
	wrong := wrongCredential(method)
	wrong[0].Message = "Too many failed attempts. Try again in 15 minutes."
	if method != page.PasswordField {
		wrong[0].Message += " You can still use another way."
	}
	return wrong
}

// passkeyRefusal returns what the page says of a passkey that was not accepted, and logs the cause. It returns nil if the error
// is of another kind.
func (h *Handlers) passkeyRefusal(r *http.Request, member int64, err error) (wrong fault.Invalid) {
	switch {
	case errors.As(err, &wrong):
	case errors.Is(err, fault.Conflict): // its challenge was answered before
		wrong = wrongCredential(page.PasskeyField)
	default:
		return nil
	}
	h.Log.Warn("the passkey is not accepted", "id", page.RequestID(r), "member", member, "cause", err)
	return wrong
}

// warnOfGuesses sends the member an email if someone guesses their codes: that person has their password, or their session.
func (h *Handlers) warnOfGuesses(r *http.Request, m staff.Member, method string) error {
	if method != page.CodeField {
		return nil
	}
	return h.DB.WarnOfGuesses(r.Context(), m.ID, h.reauthThrottle(r, m.ID, method), staff.Browser(r.UserAgent()))
}
