package web

import (
	"net/http"

	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// deskFrame is the frame of a staff page.
func (s *Server) deskFrame(r *http.Request, title string) (templates.Page, error) {
	page, err := s.frame(r.Context(), title)
	if err != nil {
		return page, err
	}
	queue, err := s.db.Queue(r.Context())
	m := memberOf(r)
	page.Member, page.Path, page.NoIndex, page.Queue = &m, r.URL.Path, true, &queue
	page.Owes = visitOf(r).Owes
	page.Proxied = s.proxied.Load()
	page.DeletionWaits = *s.deletionWaits.Load()
	return page, err
}

// startSession signs the member in under a fresh token, or half in who has a second factor.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, m staff.Member, passwordHash string) error {
	token := staff.NewToken()
	half, err := s.db.SignIn(r.Context(), m.ID, passwordHash, s.newSession(r, m, passwordHash, token))
	if err != nil {
		return err
	}
	to := wayBack(r)
	if half {
		to = codePath + onward(r)
	}
	s.enter(w, r, token, to)
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

// enter has the browser keep the token, its one cookie, and go on.
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
	http.Redirect(w, r, signInPath, http.StatusSeeOther)
	return nil
}

// sessionOf is the digest of the token that the browser shows, nil for none.
func (s *Server) sessionOf(r *http.Request) []byte {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	return staff.Digest(cookie.Value)
}

// cookie holds a session's token. It ends with the browser; the database ends it sooner.
func (s *Server) cookie(token string) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: token, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.https(),
	}
}

func (s *Server) cookieName() string {
	if s.https() {
		return "__Host-tiebreak"
	}
	return "tiebreak"
}
