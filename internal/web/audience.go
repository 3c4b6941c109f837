package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/staff"
	"tiebreak/internal/web/auth"
	"tiebreak/internal/web/page"
)

// audience says who may use a route. It decides which middleware checks a request; handlers do not check again.
type audience string

const (
	forEveryone      audience = "everybody"  // files and probes: the same bytes for all, and no work on the way
	forVisitors      audience = "visitor"    // people who compare options
	forMachines      audience = "machine"    // crawlers and feed readers
	forProspects     audience = "prospect"   // people who send a request, or have the secret link of its receipt
	forSignedOut     audience = "signed out" // anyone who may sign in
	forPendingSignIn audience = "pending"    // members who gave the right password and still need the second factor
	// members, also those who have yet to set up the second factor that is required
	forMembers          audience = "member"
	forRecentAuth       audience = "reauthenticated"       // members who re-authenticated a moment ago
	forRecentAuthAdmins audience = "reauthenticated admin" // admins who re-authenticated a moment ago
	forReaders          audience = "reader"                // members of this role and those above it
	forEditors          audience = "editor"
	forAdmins           audience = "admin"
)

// middlewares returns the middleware for requests of the audience, and false if the audience is unknown.
func (s *Server) middlewares(who audience) (chi.Middlewares, bool) {
	switch who {
	case forEveryone:
		return nil, true
	case forVisitors, forMachines:
		return chi.Middlewares{s.WithClientAddress}, true
	case forProspects, forSignedOut:
		return chi.Middlewares{private, s.WithClientAddress}, true
	case forPendingSignIn:
		return chi.Middlewares{private, s.WithClientAddress, s.auth.RequirePendingSignIn}, true
	case forMembers:
		return chi.Middlewares{private, s.WithClientAddress, s.auth.RequireMember(auth.AnyMember)}, true
	case forRecentAuth:
		return chi.Middlewares{private, s.WithClientAddress, s.auth.RequireMember(auth.RequireRecentAuth)}, true
	case forRecentAuthAdmins:
		return chi.Middlewares{private, s.WithClientAddress, s.auth.RequireMember(auth.RequireRecentAuthAs(staff.Admin))}, true
	case forReaders, forEditors, forAdmins:
		return chi.Middlewares{private, s.WithClientAddress, s.auth.RequireMember(auth.WithRole(staff.Role(who)))}, true
	}
	return nil, false
}

// route is a method and a path with their handler, and says who may use them.
type route struct {
	who          audience
	method, path string
	answer       page.Handler
}

// build makes the router. It refuses a route that does not say who may use it.
func (s *Server) build(routes []route) (chi.Router, error) {
	r := chi.NewRouter()
	r.Use(s.withRequestID, s.logRequests, s.withHeaders, s.recoverPanics, s.sameOrigin, s.public.RedirectVariants,
		middleware.GetHead)
	r.NotFound(s.notFound())
	r.MethodNotAllowed(s.page(s.methodNotAllowed))
	for _, one := range routes {
		before, known := s.middlewares(one.who)
		if !known {
			return nil, fmt.Errorf("%s %s does not say who may use it", one.method, one.path)
		}
		answer := one.answer
		if one.method == post && one.path != "/intake" { // which shows a damaged form again by itself
			answer = page.RequireWholeForm(answer)
		}
		r.With(before...).Method(one.method, one.path, s.page(answer))
	}
	return r, nil
}

// notFound answers paths that no route has. Below /staff only members learn that: a stranger is sent to sign in.
func (s *Server) notFound() http.HandlerFunc {
	open := s.page(notFound)
	before, _ := s.middlewares(forReaders)
	closed := before.Handler(open)
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/staff/") {
			closed.ServeHTTP(w, r)
			return
		}
		open(w, r)
	}
}

// methodNotAllowed answers a request for a page by a method that the page does not take (RFC 9110, 9.3.7 and 15.5.6).
func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) error {
	allowed := []string{http.MethodOptions}
	for _, method := range []string{http.MethodPost, http.MethodGet} {
		if s.Match(chi.NewRouteContext(), method, r.URL.Path) {
			allowed = append(allowed, method)
		}
	}
	if slices.Contains(allowed, http.MethodGet) {
		allowed = append(allowed, http.MethodHead)
	}
	slices.Sort(allowed)
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return page.ErrMethod
}
