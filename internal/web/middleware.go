package web

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/fault"
)

// patience bounds our work for one request, so that a reader gets an honest answer within 5 seconds of sending it whole.
const patience = 4 * time.Second

type contextKey int

const (
	requestIDKey contextKey = iota
	visitKey                // who is signed in, or halfway in
	formKey                 // what was posted
)

func requestID(r *http.Request) string {
	id, _ := r.Context().Value(requestIDKey).(string)
	return id
}

// identify gives each request an id and, once its form has arrived, a time limit.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = s.receive(w, r)
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		ctx = context.WithValue(ctx, requestIDKey, s.nextID())
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// accounted logs and counts each request.
func (s *Server) accounted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			s.account(r.Context(), line{
				kind: kind{methodOf(r), chi.RouteContext(r.Context()).RoutePattern(), answer.Status()},
				id:   requestID(r), bytes: answer.BytesWritten(), began: began,
			})
		}()
		next.ServeHTTP(answer, r)
	})
}

// recovered turns a panic into an internal error's page.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				s.fail(w, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// policy lets a page load its own style and pictures and nothing else in the world.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// strictHeaders keep a browser strict.
func strictHeaders(https bool) []header {
	headers := []header{
		{name: "Content-Security-Policy", value: []string{policy}},
		{name: "X-Content-Type-Options", value: []string{"nosniff"}},
		{name: "Referrer-Policy", value: []string{"same-origin"}},
	}
	if https {
		headers = append(headers, header{name: "Strict-Transport-Security", value: []string{"max-age=63072000; includeSubDomains"}})
	}
	return headers
}

// header is ready to be put into an answer: its name is in canonical form, its value is shared and only read.
type header struct {
	name  string
	value []string
}

func (s *Server) protect(h http.Header) {
	for _, header := range s.headers {
		h[header.name] = header.value
	}
}

func (s *Server) protected(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.protect(w.Header())
		next.ServeHTTP(w, r)
	})
}

func (s *Server) https() bool { return s.baseURL.Scheme == "https" }

// A change that another site asked for, and one of which the browser hides the page that asked for it.
var (
	errForeign      = fmt.Errorf("cross-origin request: %w", fault.Forbidden)
	errHiddenOrigin = fmt.Errorf("request of an origin that is not told: %w", fault.Forbidden)
)

// sameOrigin refuses changes that another site asks a browser for. A browser that does not say which site asks still names
// the origin, of which the standard library compares only the host.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.baseURL.Scheme + "://" + s.baseURL.Host); err != nil {
		panic(err) // config has checked the base URL
	}
	refuse := s.handle(func(_ http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Origin") == "null" && r.Header.Get("Sec-Fetch-Site") == "" {
			return errHiddenOrigin
		}
		return errForeign
	})
	protection.SetDenyHandler(refuse)
	guarded := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && s.foreign(r) {
			refuse(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// foreign reports an origin that is not this site's to the letter, where the browser names only that.
func (s *Server) foreign(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && r.Header.Get("Sec-Fetch-Site") == "" &&
		origin != s.baseURL.Scheme+"://"+r.Host && origin != s.baseURL.Scheme+"://"+s.baseURL.Host
}

// private keeps an answer out of every cache and every index, and away from other sites' pages and windows.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Robots-Tag", "noindex")
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
