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

// RequireMember lets members through who are signed in and pass the check. The check returns where others are sent, or why they
// are refused; strangers are sent to sign in.
func (h *Handlers) RequireMember(check func(r *http.Request, v staff.Principal) (elsewhere string,
	err error),
) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return h.HTTP(func(w http.ResponseWriter, r *http.Request) error {
			v, err := staff.Principal{}, error(fault.NotFound)
			if token := h.sessionDigest(r); token != nil {
				v, err = h.DB.MemberBySession(r.Context(), token)
			}
			if errors.Is(err, fault.NotFound) {
				return h.RedirectKeepingForm(w, r, h.signInURL(r, err))
			}
			if err != nil {
				return err
			}
			elsewhere, err := check(r, v)
			if errors.Is(err, fault.Forbidden) {
				h.Log.Warn("refused to a member", "id", page.RequestID(r), "member", v.ID, "role", v.Role, "method", r.Method,
					"route", chi.RouteContext(r.Context()).RoutePattern())
			}
			switch {
			case err != nil:
				h.Fail(w, page.WithPrincipal(r, v), err)
				return nil
			case elsewhere != "":
				return h.RedirectKeepingForm(w, r, elsewhere)
			}
			next.ServeHTTP(w, page.WithPrincipal(r, v))
			return nil
		})
	}
}

// WithRole lets members through who have the role, or one above it, and the second factor if one is required.
func WithRole(role staff.Role) func(r *http.Request, v staff.Principal) (string, error) {
	return func(_ *http.Request, v staff.Principal) (string, error) {
		switch {
		case !v.Role.AtLeast(role):
			return "", page.ErrRole
		case v.MustAddFactor:
			return "/staff/account/factors", nil
		}
		return "", nil
	}
}

func AnyMember(*http.Request, staff.Principal) (string, error) { return "", nil }

// RequireRecentAuth sends other members to re-authenticate, and then back to the page where they can repeat what they wanted.
func RequireRecentAuth(r *http.Request, v staff.Principal) (string, error) {
	if v.Reauthenticated {
		return "", nil
	}
	for to, place := range reauthReturns {
		if strings.HasPrefix(r.URL.Path, place.below) {
			return page.WithQuery("/staff/account/reauthentication", url.Values{"to": {to}}), nil
		}
	}
	return "/staff/account/reauthentication", nil
}

// RequireRecentAuthAs combines WithRole and RequireRecentAuth.
func RequireRecentAuthAs(role staff.Role) func(r *http.Request, v staff.Principal) (string, error) {
	return func(r *http.Request, v staff.Principal) (string, error) {
		if elsewhere, err := WithRole(role)(r, v); elsewhere != "" || err != nil {
			return elsewhere, err
		}
		return RequireRecentAuth(r, v)
	}
}

// RequirePendingSignIn lets members through who gave the right password in this browser and owe the second factor. Members who
// are signed in already only went back, and are sent on.
func (h *Handlers) RequirePendingSignIn(next http.Handler) http.Handler {
	return h.HTTP(func(w http.ResponseWriter, r *http.Request) error {
		token, to := h.sessionDigest(r), "/staff/sign-in"+returnToQuery(returnTo(r))
		if token != nil {
			v, err := h.DB.MemberBySession(r.Context(), token)
			switch {
			case errors.Is(err, staff.ErrPendingSignIn):
				next.ServeHTTP(w, page.WithPrincipal(r, v))
				return nil
			case errors.Is(err, fault.NotFound):
				to = "/staff/sign-in" + returnToQuery(returnTo(r), "late")
			case err != nil:
				return err
			default:
				to = returnTo(r)
			}
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	})
}
