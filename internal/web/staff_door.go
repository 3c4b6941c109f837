package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/templates"
)

// members lets those through who are signed in and have the role; a stranger is sent to sign in.
func (s *Server) members(role staff.Role) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return s.page(func(w http.ResponseWriter, r *http.Request) error {
			m, hash, err := s.signedIn(r)
			if errors.Is(err, fault.NotFound) {
				http.Redirect(w, r, "/staff/sign-in", http.StatusSeeOther)
				return nil
			}
			if err != nil {
				return err
			}
			if !m.Role.AtLeast(role) {
				return fault.Forbidden
			}
			if s.device(r, m, hash) == "" {
				s.remember(w, m, hash)
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), memberKey, m)))
			return nil
		})
	}
}

// memberOf is who asks, behind the guard.
func memberOf(r *http.Request) staff.Member { return r.Context().Value(memberKey).(staff.Member) }

func (s *Server) signedIn(r *http.Request) (m staff.Member, passwordHash string, err error) {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return m, "", fault.NotFound
	}
	return s.db.MemberBySession(r.Context(), staff.Digest(cookie.Value))
}

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

// startSession signs the member in under a fresh token; a session that this browser had before ends.
func (s *Server) startSession(w http.ResponseWriter, r *http.Request, m staff.Member, passwordHash string) error {
	if err := s.endSession(r); err != nil {
		return err
	}
	token := staff.NewToken()
	known := s.device(r, m, passwordHash) != ""
	if err := s.db.SignIn(r.Context(), m.ID, passwordHash, staff.Digest(token), staff.Browser(r.UserAgent()), known); err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(token))
	http.Redirect(w, r, "/staff/leads", http.StatusSeeOther)
	return nil
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := s.endSession(r); err != nil {
		return err
	}
	gone := s.cookie("")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	http.Redirect(w, r, "/staff/sign-in", http.StatusSeeOther)
	return nil
}

func (s *Server) endSession(r *http.Request) error {
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return nil
	}
	return s.db.SignOut(r.Context(), staff.Digest(cookie.Value))
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
	if wrong := n.Check(); wrong != nil {
		page := templates.SetupPage{Page: s.lastFrame("Set up the first member"), Action: r.URL.Path, Typed: n, Wrong: wrong}
		return render(w, r, http.StatusUnprocessableEntity, page.View())
	}
	hash, err := staff.HashPassword(n.Password)
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
