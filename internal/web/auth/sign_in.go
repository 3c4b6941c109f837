package auth

import (
	"errors"
	"fmt"
	"net/http"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
	"tiebreak/templates/auth"
)

func (h *Handlers) ShowSignIn(w http.ResponseWriter, r *http.Request) error {
	return h.signInPage(w, r, http.StatusOK, auth.SignInPage{
		Ended: r.URL.Query().Has("ended"), Late: r.URL.Query().Has("late"),
	})
}

func (h *Handlers) signInPage(w http.ResponseWriter, r *http.Request, status int, p auth.SignInPage) (err error) {
	if p.Page, err = h.Frame(r.Context(), "Sign in"); err != nil {
		return err
	}
	p.Onward, p.Done = withReturnTo(r), page.DoneMessage(r)
	if p.Passkey, err = h.passkeyRequest(r.Context(), staff.PasskeySignIn); err != nil {
		return err
	}
	if status == http.StatusTooManyRequests {
		p.TooMany = true
		tooManyHeader(w)
	}
	return page.Render(w, r, status, p.View())
}

// SignIn lets a member in, or halfway in who has a second factor. Whether the address, the password or both are wrong is not
// told, not by the time it takes either.
func (h *Handlers) SignIn(w http.ResponseWriter, r *http.Request) error {
	values, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	again := auth.SignInPage{Email: page.Text(values, "email")}
	m, hash, err := h.DB.MemberByEmail(r.Context(), again.Email)
	if err != nil {
		return err
	}
	client, known := h.throttleClient(r, m, hash)
	d := throttle{staff.AccountDigest(h.Secret, again.Email), client, staff.Attempts.TooMany}
	try := func() (bool, error) { return staff.PasswordMatches(r.Context(), values.Get("password"), hash, known) }
	match, err := h.countAttempt(r, d, try)
	if known && errors.Is(err, fault.TooMany) { // somebody may have made off with what the browser keeps
		d.client = h.clientKey(r)
		match, err = h.countAttempt(r, d, try)
	}
	if errors.Is(err, fault.TooMany) {
		return h.signInPage(w, r, http.StatusTooManyRequests, again)
	}
	if match {
		err = h.startSession(w, r, m, hash, returnTo(r))
	}
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	if !match || err != nil { // the password was changed in between
		if err := h.DB.RecordFailedSignIn(r.Context(), m.ID); err != nil {
			return err
		}
		again.Wrong = "The email address or the password is wrong. Check both and try again."
		return h.signInPage(w, r, http.StatusUnprocessableEntity, again)
	}
	return nil
}

// throttleClient is a digest of who tries to sign in: of the browser, if it is one that the member has signed in with before, or
// of its network address. All whom a trusted proxy does not name are one.
func (h *Handlers) throttleClient(r *http.Request, m staff.Member, hash string) (client []byte, known bool) {
	if device := h.knownDevice(r, m, hash); device != "" {
		return lead.Digest(h.Secret, "device", device), true
	}
	return h.clientKey(r), false
}

func (h *Handlers) clientKey(r *http.Request) []byte {
	if client := h.Client(r); client != nil {
		return client
	}
	return []byte("unnamed")
}

const deviceYear = 365 * 24 * 60 * 60 // seconds

// knownDevice is what the browser keeps of the member, or "" if that does not fit them and their password.
func (h *Handlers) knownDevice(r *http.Request, m staff.Member, hash string) string {
	kept, err := r.Cookie(h.deviceCookieName(m))
	if err != nil {
		return ""
	}
	return staff.KnownDevice(h.Secret, kept.Value, m.Email, hash)
}

// setDeviceCookie has the browser of a member who is in keep a device. That lets nobody in: it tells the browser from a stranger's
// while strangers flood the door.
func (h *Handlers) setDeviceCookie(w http.ResponseWriter, v staff.Visit, hash string) {
	kept := h.sessionCookie(staff.NewDevice(h.Secret, v.Session, v.Email, hash))
	kept.Name = h.deviceCookieName(v.Member)
	kept.MaxAge = deviceYear
	http.SetCookie(w, kept)
}

// deviceCookieName is the member's own, so that members who share a browser are both known in it.
func (h *Handlers) deviceCookieName(m staff.Member) string {
	return fmt.Sprintf("%s-device-%d", h.sessionCookieName(), m.ID)
}
