package web

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"tiebreak/internal/web/page"
)

// withRequestID gives each request an id and, once its form has arrived, a time limit.
func (s *Server) withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = s.ReceiveForm(w, r)
		ctx, cancel := context.WithTimeout(r.Context(), page.RequestTimeout)
		defer cancel()
		ctx = context.WithValue(ctx, page.RequestIDKey, s.nextID())
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// logRequests logs and counts each request.
func (s *Server) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			s.logRequest(r.Context(), requestRecord{
				routeKey: routeKey{methodOf(r), chi.RouteContext(r.Context()).RoutePattern(), answer.Status()},
				id:       page.RequestID(r), bytes: answer.BytesWritten(), began: began,
			})
		}()
		next.ServeHTTP(answer, r)
	})
}

// recoverPanics turns a panic into an internal error's page.
func (s *Server) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				s.Fail(w, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// contentSecurityPolicy lets a page load its own style, typeface and pictures and nothing else in the world.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// strictHeaders keep a browser strict.
func strictHeaders(https bool) []page.Header {
	headers := []page.Header{
		{Name: "Content-Security-Policy", Value: []string{contentSecurityPolicy}},
		{Name: "X-Content-Type-Options", Value: []string{"nosniff"}},
		{Name: "Referrer-Policy", Value: []string{"same-origin"}},
	}
	if https {
		headers = append(headers, page.Header{
			Name:  "Strict-Transport-Security",
			Value: []string{"max-age=63072000; includeSubDomains"},
		})
	}
	return headers
}

func (s *Server) setHeaders(h http.Header) {
	for _, header := range s.headers {
		h[header.Name] = header.Value
	}
}

func (s *Server) withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.setHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses changes that another site asks a browser for. A browser that does not say which site asks still names
// the origin, of which the standard library compares only the host.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.BaseURL.Scheme + "://" + s.BaseURL.Host); err != nil {
		panic(err) // config has checked the base URL
	}
	refuse := s.HTTP(func(_ http.ResponseWriter, r *http.Request) error {
		if r.Header.Get("Origin") == "null" && r.Header.Get("Sec-Fetch-Site") == "" {
			return page.ErrUnknownOrigin
		}
		return page.ErrCrossOrigin
	})
	protection.SetDenyHandler(refuse)
	guarded := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && s.isCrossOrigin(r) {
			refuse(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// isCrossOrigin reports an origin that is not this site's to the letter, where the browser names only that.
func (s *Server) isCrossOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && r.Header.Get("Sec-Fetch-Site") == "" &&
		origin != s.BaseURL.Scheme+"://"+r.Host && origin != s.BaseURL.Scheme+"://"+s.BaseURL.Host
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
