package auth

import (
	"context"
	"errors"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

// passkeyRequest returns what the page asks a passkey with, "" if there are no passkeys here.
func (h *Handlers) passkeyRequest(ctx context.Context, purpose staff.Purpose) (string, error) {
	if h.passkeys == nil {
		return "", nil
	}
	now, err := h.DB.Now(ctx)
	if err != nil {
		return "", err
	}
	return h.passkeys.RequestOptions(purpose, now)
}

// passkeyAnswer checks a passkey's answer and returns whose it is, or a fault.Invalid.
func (h *Handlers) passkeyAnswer(
	ctx context.Context, purpose staff.Purpose, answer string,
) (k staff.PasskeyUser, a staff.PasskeyAnswer, err error) {
	if h.passkeys == nil {
		return k, a, wrongCredential(page.PasskeyField)
	}
	now, err := h.DB.Now(ctx)
	if err != nil {
		return k, a, err
	}
	return h.passkeys.Used(purpose, answer, now,
		func(handle []byte) (staff.PasskeyUser, error) { return h.DB.PasskeyUserByHandle(ctx, handle) })
}

// SignInByPasskey lets a member in by a passkey alone, which is two factors: the device and what unlocks it. Nobody can guess
// one, so answers are looked at however many failed before.
func (h *Handlers) SignInByPasskey(w http.ResponseWriter, r *http.Request) error {
	if h.passkeys == nil {
		return fault.NotFound
	}
	values := page.Form(r)
	token := staff.NewToken()
	member, err := h.signInWith(r, values.Get(page.PasskeyField), token)
	if errors.Is(err, fault.NotFound) { // disabled, or the passkey was taken away
		err = wrongCredential(page.PasskeyField)
	}
	if wrong := h.passkeyRefusal(r, member, err); wrong != nil {
		return h.refusePasskey(w, r, member, wrong)
	}
	if err != nil {
		return err
	}
	h.finishSession(w, r, token, returnTo(r))
	return nil
}

// signInWith makes a session for the member whose passkey answered, and returns the member also if it fails.
func (h *Handlers) signInWith(r *http.Request, answer, token string) (member int64, err error) {
	k, a, err := h.passkeyAnswer(r.Context(), staff.PasskeySignIn, answer)
	if err != nil {
		return k.ID, err
	}
	return k.ID, h.DB.SignInByPasskey(r.Context(), k.ID, a, h.newSession(r, token))
}

// refusePasskey shows the page that asked for the passkey again: that of the second factor while the sign-in is pending, or the
// sign-in page. Failures of strangers are recorded within limits, since the audit is kept forever.
func (h *Handlers) refusePasskey(w http.ResponseWriter, r *http.Request, member int64, wrong fault.Invalid) error {
	_, err := h.countAttempt(r, h.reauthThrottle(r, 0, page.PasskeyField), func() (bool, error) {
		return false, h.DB.RecordFailedSignIn(r.Context(), member)
	})
	if err != nil && !errors.Is(err, fault.TooMany) {
		return err
	}
	v, err := h.DB.MemberBySession(r.Context(), h.sessionDigest(r))
	if errors.Is(err, staff.ErrPendingSignIn) {
		return h.codePage(w, page.WithPrincipal(r, v), http.StatusUnprocessableEntity, wrong)
	}
	return h.signInPage(w, r, http.StatusUnprocessableEntity, auth.SignInPage{Wrong: wrong[0].Message})
}
