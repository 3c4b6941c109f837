package auth

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/internal/web/page"
)

// RequireMember lets those through who are signed in and whom the check lets. It says where the others are sent, or why they are
// refused; a stranger is sent to sign in.
func (h *Handlers) RequireMember(check func(r *http.Request, v staff.Visit) (elsewhere string, err error)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return h.HTTP(func(w http.ResponseWriter, r *http.Request) error {
			elsewhere, v, err := "", staff.Visit{}, error(fault.NotFound)
			if token := h.sessionDigest(r); token != nil {
				v, err = h.DB.MemberBySession(r.Context(), token)
			}
			if err == nil {
				elsewhere, err = check(r, v)
			}
			if errors.Is(err, fault.Forbidden) {
				h.Log.Warn("refused to a member", "id", page.RequestID(r), "member", v.ID, "role", v.Role, "method", r.Method, "route", chi.RouteContext(r.Context()).RoutePattern())
			}
			if errors.Is(err, fault.NotFound) {
				elsewhere, err = h.signInURL(r), nil
			}
			switch {
			case err != nil && v.ID != 0:
				h.Fail(w, page.WithPrincipal(r, v), err)
				return nil
			case err != nil:
				return err
			case elsewhere != "":
				return h.RedirectKeepingForm(w, r, elsewhere)
			}
			next.ServeHTTP(w, page.WithPrincipal(r, v))
			return nil
		})
	}
}

// WithRole lets those through who have the role, or one above it, and the second factor if one is required.
func WithRole(role staff.Role) func(r *http.Request, v staff.Visit) (string, error) {
	return func(_ *http.Request, v staff.Visit) (string, error) {
		switch {
		case !v.Role.AtLeast(role):
			return "", page.ErrRole
		case v.Owes:
			return page.FactorsPath, nil
		}
		return "", nil
	}
}

func AnyMember(*http.Request, staff.Visit) (string, error) { return "", nil }

// RequireRecentAuth sends the others to prove that it is them, and then back to the page where they can repeat what they wanted.
func RequireRecentAuth(r *http.Request, v staff.Visit) (string, error) {
	if v.Proved {
		return "", nil
	}
	for to, place := range reauthReturns {
		if strings.HasPrefix(r.URL.Path, place.below) {
			return page.WithQuery(page.ReauthPath, url.Values{"to": {to}}), nil
		}
	}
	return page.ReauthPath, nil
}

// RequireRecentAuthAs is both.
func RequireRecentAuthAs(role staff.Role) func(r *http.Request, v staff.Visit) (string, error) {
	return func(r *http.Request, v staff.Visit) (string, error) {
		if elsewhere, err := WithRole(role)(r, v); elsewhere != "" || err != nil {
			return elsewhere, err
		}
		return RequireRecentAuth(r, v)
	}
}

// RequirePendingSignIn lets those through who gave the right password in this browser and owe the second factor.
func (h *Handlers) RequirePendingSignIn(next http.Handler) http.Handler {
	return h.HTTP(func(w http.ResponseWriter, r *http.Request) error {
		v, err := h.DB.HalfSession(r.Context(), h.sessionDigest(r))
		if errors.Is(err, fault.NotFound) {
			http.Redirect(w, r, h.afterPendingSignIn(r), http.StatusSeeOther)
			return nil
		}
		if err != nil {
			return err
		}
		next.ServeHTTP(w, page.WithPrincipal(r, v))
		return nil
	})
}
