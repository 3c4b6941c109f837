package web

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/staff"
)

// audience is who may use a route. It decides what a request passes on its way to the handler; handlers ask no more.
type audience string

const (
	everybody audience = "everybody" // files and probes: the same bytes for all, and no work on the way
	visitor   audience = "visitor"   // who decides
	machine   audience = "machine"   // who reads for others: crawlers, feed readers
	prospect  audience = "prospect"  // who sends a request, or has the secret address of its receipt
	stranger  audience = "stranger"  // who is at the staff's door
	halfway   audience = "halfway"   // who gave the right password and owes the second factor
	member    audience = "member"    // members, also who has yet to set up the second factor that is required
	proven    audience = "proven"    // members who showed once more, a moment ago, that it is them
	governor  audience = "governor"  // admins who did
	reader    audience = "reader"    // members of this role and those above it
	editor    audience = "editor"
	admin     audience = "admin"
)

// before is what a request of the audience passes, and whether there is such an audience.
func (s *Server) before(who audience) (chi.Middlewares, bool) {
	switch who {
	case everybody:
		return nil, true
	case visitor, machine:
		return chi.Middlewares{s.addressed}, true
	case prospect, stranger:
		return chi.Middlewares{private, s.addressed}, true
	case halfway:
		return chi.Middlewares{private, s.addressed, s.halfway}, true
	case member:
		return chi.Middlewares{private, s.addressed, s.members(whoever)}, true
	case proven:
		return chi.Middlewares{private, s.addressed, s.members(justProven)}, true
	case governor:
		return chi.Middlewares{private, s.addressed, s.members(justProvenAs(staff.Admin))}, true
	case reader, editor, admin:
		return chi.Middlewares{private, s.addressed, s.members(withRole(staff.Role(who)))}, true
	}
	return nil, false
}

// route is one thing that can be asked, and who may.
type route struct {
	who          audience
	method, path string
	answer       handler
}

// build makes the router. It refuses a route that does not say who may use it.
func (s *Server) build(routes []route) (chi.Router, error) {
	r := chi.NewRouter()
	r.Use(s.identify, s.accounted, s.protected, s.recovered, s.sameOrigin, middleware.GetHead)
	r.NotFound(s.nowhere())
	r.MethodNotAllowed(s.nowhere())
	for _, one := range routes {
		before, known := s.before(one.who)
		if !known {
			return nil, fmt.Errorf("%s %s does not say who may use it", one.method, one.path)
		}
		r.With(before...).Method(one.method, one.path, s.page(one.answer))
	}
	return r, nil
}

// nowhere answers what is no route. Below /staff only members learn that: a stranger is sent to sign in.
func (s *Server) nowhere() http.HandlerFunc {
	open := s.page(nothingHere)
	before, _ := s.before(reader)
	closed := before.Handler(open)
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/staff/") {
			closed.ServeHTTP(w, r)
			return
		}
		open(w, r)
	}
}
