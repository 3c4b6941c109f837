package web

import (
	"net/http"
	"time"

	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// deskFrame is the frame of a staff page.
func (s *Server) deskFrame(r *http.Request, title string) (ui.Page, error) {
	page, err := s.frame(r.Context(), title)
	if err != nil {
		return page, err
	}
	queue, err := s.db.Queue(r.Context())
	m := memberOf(r)
	page.Member, page.Path, page.NoIndex, page.Queue = &m, r.URL.Path, true, &queue
	page.Owes, page.Done = visitOf(r).Owes, doneMessage(r)
	page.Proxied = s.proxied.likely(time.Now())
	page.DeletionWaits = *s.deletionWaits.Load()
	return page, err
}

// startSession signs the member in under a fresh token and sends them on, or half in who has a second factor.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, m staff.Member, passwordHash, to string) error {
	token := staff.NewToken()
	half, err := s.db.SignIn(r.Context(), m.ID, passwordHash, s.newSession(r, m, passwordHash, token))
	if err != nil {
		return err
	}
	kept := s.cookie(token)
	if half {
		kept.MaxAge, to = int(staff.HalfLimit.Seconds()), codePath+onward(r)
	}
	http.SetCookie(w, kept)
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// newSession is this browser with the token. The session that it had before ends with that, and not otherwise.
func (s *Server) newSession(r *http.Request, m staff.Member, passwordHash, token string) staff.NewSession {
	return staff.NewSession{
		TokenDigest: staff.Digest(token), Instead: s.sessionOf(r), Browser: staff.Browser(r.UserAgent()), Known: s.device(r, m, passwordHash) != "",
	}
}

// siteNames are words that a stranger would try as a password here, and those that are given.
func (s *Server) siteNames(more ...string) []string {
	site := s.settings.Load().Site
	return append(more, site.Name, site.RunBy, s.baseURL.Hostname())
}

// enter sets the cookie of a whole session and sends the browser on.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, token, to string) {
	http.SetCookie(w, s.cookie(token))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.SignOut(r.Context(), s.sessionOf(r)); err != nil {
		return err
	}
	gone := s.cookie("")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	// Not the cookies: the browser stays known to its members. Its cache holds no page of the staff (no-store).
	w.Header().Set("Clear-Site-Data", `"storage"`)
	return done(w, r, signInPath, "signed-out")
}

// sessionOf is the digest of the token that the browser shows, nil for none.
func (s *Server) sessionOf(r *http.Request) []byte {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	return staff.Digest(cookie.Value)
}

// cookie returns a cookie with a session's token. Browsers keep it, also when they are closed, for as long as a session may
// last; the database ends the session sooner where it must.
func (s *Server) cookie(token string) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: token, Path: "/", MaxAge: int(staff.AbsoluteLimit.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.https(),
	}
}

func (s *Server) cookieName() string {
	if s.https() {
		return "__Host-tiebreak"
	}
	return "tiebreak"
}
