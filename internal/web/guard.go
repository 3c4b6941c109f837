package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// members lets those through who are signed in and whom the check lets. It says where the others are sent, or why they are
// refused; a stranger is sent to sign in.
func (s *Server) members(check func(r *http.Request, v staff.Visit) (elsewhere string, err error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return s.handle(func(w http.ResponseWriter, r *http.Request) error {
			elsewhere, v, err := "", staff.Visit{}, error(fault.NotFound)
			if token := s.sessionOf(r); token != nil {
				v, err = s.db.MemberBySession(r.Context(), token)
			}
			if err == nil {
				elsewhere, err = check(r, v)
			}
			if errors.Is(err, fault.Forbidden) {
				s.log.Warn("refused to a member", "id", requestID(r), "member", v.ID, "role", v.Role, "method", r.Method, "route", chi.RouteContext(r.Context()).RoutePattern())
			}
			if errors.Is(err, fault.NotFound) {
				elsewhere, err = s.signInFor(r), nil
			}
			switch {
			case err != nil && v.ID != 0:
				s.fail(w, visitedBy(r, v), err)
				return nil
			case err != nil:
				return err
			case elsewhere != "":
				return s.sendElsewhere(w, r, elsewhere)
			}
			if v.Fresh && s.device(r, v.Member, v.PasswordHash) == "" { // later it may be somebody who got hold of the session
				s.remember(w, v, v.PasswordHash)
			}
			next.ServeHTTP(w, visitedBy(r, v))
			return nil
		})
	}
}

// errRole is what the member's role does not allow.
var errRole = fmt.Errorf("role: %w", fault.Forbidden)

// withRole lets those through who have the role, or one above it, and the second factor if one is required.
func withRole(role staff.Role) func(r *http.Request, v staff.Visit) (string, error) {
	return func(_ *http.Request, v staff.Visit) (string, error) {
		switch {
		case !v.Role.AtLeast(role):
			return "", errRole
		case v.Owes:
			return factorsPath, nil
		}
		return "", nil
	}
}

func whoever(*http.Request, staff.Visit) (string, error) { return "", nil }

// justProven sends the others to prove that it is them, and then back to the page where they can repeat what they wanted.
func justProven(r *http.Request, v staff.Visit) (string, error) {
	if v.Proved {
		return "", nil
	}
	for to, place := range provenPlaces {
		if strings.HasPrefix(r.URL.Path, place.below) {
			return withQuery(proofPath, url.Values{"to": {to}}), nil
		}
	}
	return proofPath, nil
}

// justProvenAs is both.
func justProvenAs(role staff.Role) func(r *http.Request, v staff.Visit) (string, error) {
	return func(r *http.Request, v staff.Visit) (string, error) {
		if elsewhere, err := withRole(role)(r, v); elsewhere != "" || err != nil {
			return elsewhere, err
		}
		return justProven(r, v)
	}
}

// visitedBy is the request with who asks.
func visitedBy(r *http.Request, v staff.Visit) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey, v))
}

// visitOf is who asks, behind the guard.
func visitOf(r *http.Request) staff.Visit { return r.Context().Value(visitKey).(staff.Visit) }

func memberOf(r *http.Request) staff.Member { return visitOf(r).Member }

// halfway lets those through who gave the right password in this browser and owe the second factor.
func (s *Server) halfway(next http.Handler) http.Handler {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		v, err := s.db.HalfSession(r.Context(), s.sessionOf(r))
		if errors.Is(err, fault.NotFound) {
			http.Redirect(w, r, s.notHalfway(r), http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		next.ServeHTTP(w, visitedBy(r, v))
		return nil
	})
}
