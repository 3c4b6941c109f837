package auth

import (
	"net/http"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// startSession signs the member in under a fresh token and sends them on, or to the page that asks for their second factor.
func (h *Handlers) startSession(w http.ResponseWriter, r *http.Request, member int64, passwordHash, to string) error {
	token := staff.NewToken()
	pending, err := h.DB.SignIn(r.Context(), member, passwordHash, h.newSession(r, token))
	if err != nil {
		return err
	}
	kept := h.sessionCookie(token)
	if pending {
		kept.MaxAge, to = int(staff.PendingSignInLimit.Seconds()), "/staff/sign-in/code"+returnToQuery(returnTo(r))
	}
	http.SetCookie(w, kept)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// newSession returns a session of this browser with the token. It replaces the one that the browser had before.
func (h *Handlers) newSession(r *http.Request, token string) staff.NewSession {
	return staff.NewSession{TokenDigest: staff.Digest(token), Replaces: h.sessionDigest(r), Browser: staff.Browser(r.UserAgent())}
}

// finishSession sets the cookie of a whole session and sends the browser on.
func (h *Handlers) finishSession(w http.ResponseWriter, r *http.Request, token, to string) {
	http.SetCookie(w, h.sessionCookie(token))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (h *Handlers) SignOut(w http.ResponseWriter, r *http.Request) error {
	if err := h.DB.SignOut(r.Context(), h.sessionDigest(r)); err != nil {
		return err
	}
	gone := h.sessionCookie("")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	// The browser's cache holds no staff page (no-store), and its only cookie is removed above.
	w.Header().Set("Clear-Site-Data", `"storage"`)
	return page.Done(w, r, "/staff/sign-in", "signed-out")
}

// sessionDigest returns the digest of the token that the browser shows, nil for none.
func (h *Handlers) sessionDigest(r *http.Request) []byte {
	cookie, err := r.Cookie(h.SessionCookie())
	if err != nil {
		return nil
	}
	return staff.Digest(cookie.Value)
}

// sessionCookie returns a cookie with a session's token. Browsers keep it, also when they are closed, for as long as a session
// may last; the database ends the session sooner where it must.
func (h *Handlers) sessionCookie(token string) *http.Cookie {
	return &http.Cookie{
		Name: h.SessionCookie(), Value: token, Path: "/", MaxAge: int(staff.AbsoluteLimit.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: h.HTTPS(),
	}
}
