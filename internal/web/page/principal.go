package page

import (
	"context"
	"net/http"
	"strings"

	"tiebreak/internal/staff"
)

// WithPrincipal returns the request with the member who asks.
func WithPrincipal(r *http.Request, v staff.Principal) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), principalKey, v))
}

// Principal returns the member who asks, behind the guard.
func Principal(r *http.Request) staff.Principal {
	return r.Context().Value(principalKey).(staff.Principal)
}

func Member(r *http.Request) staff.Member { return Principal(r).Member }

type contextKey int

const (
	RequestIDKey contextKey = iota
	principalKey            // the member who is signed in, or whose sign-in is pending
	formKey                 // what was posted
)

func RequestID(r *http.Request) string {
	id, _ := r.Context().Value(RequestIDKey).(string)
	return id
}

// sessionCookie is the name of the cookie that carries a member's session, without the prefix that it has over HTTPS.
const sessionCookie = "tiebreak"

// SessionCookie returns the name of the cookie that carries a member's session.
func (c *Core) SessionCookie() string {
	if c.HTTPS() {
		return "__Host-" + sessionCookie
	}
	return sessionCookie
}

// mayBeMember reports whether the request carries a session's cookie. The session may have ended.
func mayBeMember(r *http.Request) bool {
	for _, cookies := range r.Header["Cookie"] {
		if strings.Contains(cookies, sessionCookie+"=") {
			return true
		}
	}
	return false
}
