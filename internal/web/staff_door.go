package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// members lets those through who are signed in and whom the check lets. It says where the others are sent, or why they are
// refused; a stranger is sent to sign in.
func (s *Server) members(check func(r *http.Request, v staff.Visit) (elsewhere string, err error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return s.page(func(w http.ResponseWriter, r *http.Request) error {
			elsewhere, v, err := "/staff/sign-in", staff.Visit{}, error(nil)
			if token := s.sessionOf(r); token != nil {
				v, err = s.db.MemberBySession(r.Context(), token)
			}
			if err == nil && v.ID != 0 {
				elsewhere, err = check(r, v)
			}
			if errors.Is(err, fault.Forbidden) {
				s.log.Warn("refused to a member", "id", requestID(r), "member", v.ID, "role", v.Role, "method", r.Method, "route", chi.RouteContext(r.Context()).RoutePattern())
			}
			switch {
			case err != nil && !errors.Is(err, fault.NotFound):
				return err
			case elsewhere != "":
				http.Redirect(w, r, elsewhere, http.StatusSeeOther)
				return nil
			}
			if s.device(r, v.Member, v.PasswordHash) == "" {
				s.remember(w, v.Member, v.PasswordHash)
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), memberKey, v.Member)))
			return nil
		})
	}
}

// withRole lets those through who have the role, or one above it, and the second factor if one is required.
func withRole(role staff.Role) func(r *http.Request, v staff.Visit) (string, error) {
	return func(_ *http.Request, v staff.Visit) (string, error) {
		switch {
		case !v.Role.AtLeast(role):
			return "", fault.Forbidden
		case v.Owes:
			return factorsPath, nil
		}
		return "", nil
	}
}

func whoever(*http.Request, staff.Visit) (string, error) { return "", nil }

// justProven sends the others to prove that it is them, and then back to the page where they can repeat what they wanted.
func justProven(r *http.Request, v staff.Visit) (string, error) {
	switch {
	case v.Proved:
		return "", nil
	case strings.HasPrefix(r.URL.Path, "/staff/account/sessions/"):
		return proofPath + "?to=sessions", nil
	}
	return proofPath, nil
}

// memberOf is who asks, behind the guard.
func memberOf(r *http.Request) staff.Member { return r.Context().Value(memberKey).(staff.Member) }

// deskFrame is the frame of a staff page.
func (s *Server) deskFrame(r *http.Request, title string) (templates.Page, error) {
	page, err := s.frame(r.Context(), title)
	if err != nil {
		return page, err
	}
	queue, err := s.db.Queue(r.Context())
	m := memberOf(r)
	page.Member, page.Path, page.NoIndex, page.Queue = &m, r.URL.Path, true, &queue
	page.Proxied = s.proxied.Load()
	return page, err
}

// startSession signs the member in under a fresh token, or half in who has a second factor; a session that this browser had
// before ends.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, m staff.Member, passwordHash string) error {
	if err := s.endSession(r); err != nil {
		return err
	}
	token := staff.NewToken()
	half, err := s.db.SignIn(r.Context(), m.ID, passwordHash, s.newSession(r, m, passwordHash, token))
	if err != nil {
		return err
	}
	to := "/staff/leads"
	if half {
		to = codePath
	}
	s.enter(w, r, token, to)
	return nil
}

// newSession is this browser with the token.
func (s *Server) newSession(r *http.Request, m staff.Member, passwordHash, token string) staff.NewSession {
	return staff.NewSession{
		TokenDigest: staff.Digest(token), Browser: staff.Browser(r.UserAgent()), Known: s.device(r, m, passwordHash) != "",
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
	if err := s.endSession(r); err != nil {
		return err
	}
	gone := s.cookie("")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	// Not the cookies: the browser stays known to its members.
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	http.Redirect(w, r, "/staff/sign-in", http.StatusSeeOther)
	return nil
}

func (s *Server) endSession(r *http.Request) error {
	if token := s.sessionOf(r); token != nil {
		return s.db.SignOut(r.Context(), token)
	}
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

func (s *Server) showSetup(w http.ResponseWriter, r *http.Request) error {
	if err := s.db.CheckSetupLink(r.Context(), staff.Digest(chi.URLParam(r, "token"))); err != nil {
		return err
	}
	page := templates.SetupPage{Page: s.lastFrame("Set up the first member"), Action: r.URL.Path}
	return render(w, r, http.StatusOK, page.View())
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request) error {
	link := staff.Digest(chi.URLParam(r, "token"))
	if err := s.db.CheckSetupLink(r.Context(), link); err != nil {
		return err
	}
	values, err := readForm(w, r)
	if err != nil {
		return err
	}
	n := staff.NewMember{
		Name: text(values, "name"), Email: text(values, "email"), Password: values.Get("password"), Role: staff.Admin,
	}
	if wrong := n.Check(s.siteNames()...); wrong != nil {
		page := templates.SetupPage{Page: s.lastFrame("Set up the first member"), Action: r.URL.Path, Typed: n, Wrong: wrong}
		return render(w, r, http.StatusUnprocessableEntity, page.View())
	}
	hash, err := staff.HashPassword(r.Context(), n.Password)
	if err != nil {
		return err
	}
	if err := s.db.SetUp(r.Context(), link, n, hash); err != nil {
		return err
	}
	m, _, err := s.db.MemberByEmail(r.Context(), n.Email)
	if err != nil {
		return err
	}
	return s.startSession(w, r, m, hash)
}
