// Package web serves the site: it assembles the handlers of all areas, says who may use each route, and logs and counts requests.
// Start with routes.go.
package web

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/mailcheck"
	"tiebreak/internal/web/admin"
	"tiebreak/internal/web/auth"
	"tiebreak/internal/web/desk"
	"tiebreak/internal/web/edit"
	"tiebreak/internal/web/intake"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// Config is what a Server needs.
type Config struct {
	page.Config
	Version string // of the program, for metrics

	// when the certificate expires, zero without one; nil where a proxy does TLS
	CertificateUntil func() time.Time

	// sends a test email at once, and returns how each step went
	SendTest func(ctx context.Context, to string) (mailcheck.Email, error)
}

// Server is the site. Its Router can be walked; requests enter through ServeHTTP.
type Server struct {
	chi.Router
	*page.Core

	public *public.Handlers
	intake *intake.Handlers
	desk   *desk.Handlers
	edit   *edit.Handlers
	auth   *auth.Handlers
	admin  *admin.Handlers

	assets         map[string]*page.Encoded // by address
	metrics        *metrics
	requestMetrics sync.Map // of each routeKey
	ids            requestIDs
	headers        []page.Header // of every answer
	closing        atomic.Bool

	certificateUntil func() time.Time // nil where a proxy does TLS
}

// New reads what every page needs and builds the routes. Watch keeps it fresh.
func New(ctx context.Context, c Config) (*Server, error) {
	core, err := page.NewCore(ctx, c.Config)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Core: core, assets: encodeAssets(), metrics: newMetrics(), ids: newIDs(), headers: strictHeaders(core.HTTPS()),
		public: public.New(core), admin: admin.New(core),
	}
	s.certificateUntil = c.CertificateUntil
	s.intake = intake.New(core, s.public, s.countSuspect)
	s.desk = desk.New(core, s.public, c.SendTest)
	s.edit = edit.New(core, s.public)
	if s.auth, err = auth.New(core); err != nil {
		return nil, err
	}
	s.metrics.watch(s, c.Version)
	s.metrics.watchMachine(c.Doctor)
	if s.Router, err = s.build(s.routes()); err != nil {
		return nil, err
	}
	return s, nil
}

// ServeHTTP answers a page from memory before any of the machinery that such an answer does not need, and leaves all else to
// the router. Both ways set the same headers, write the same log and count the same.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.NoteProxy(r)
	if cached := s.public.FromMemory(r); cached != nil {
		began := time.Now()
		s.setHeaders(w.Header())
		status, written := cached.Write(w, r)
		s.logRequest(r.Context(), requestRecord{
			routeKey: routeKey{r.Method, cached.Route, status}, id: s.nextID(), bytes: written, began: began,
		})
		return
	}
	s.Router.ServeHTTP(w, r)
}

// page returns the handler of a route. An address that does not exist is redirected if it is clear which page it means.
func (s *Server) page(h page.Handler) http.HandlerFunc {
	return s.HTTP(func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if page.IsNotFound(err) {
			return s.public.RedirectOr(w, r, err)
		}
		return err
	})
}

// Watch keeps the state of the site fresh, compresses pages and stores counts in the background, until ctx ends.
func (s *Server) Watch(ctx context.Context) {
	var wait sync.WaitGroup
	wait.Go(func() { s.Core.Watch(ctx) })
	wait.Go(func() { s.Doctor.Watch(ctx) })
	wait.Go(func() { s.public.CompressPages(ctx) })
	wait.Go(func() { s.public.StoreCounts(ctx) })
	wait.Wait()
}

// Drain makes /readyz say no, so that a balancer sends its next requests elsewhere before the server shuts down.
func (s *Server) Drain() { s.closing.Store(true) }

// Stop gives the forms that are on their way a few seconds more: a slow one must not hold up the end of the program.
func (s *Server) Stop() {
	now := time.Now()
	s.Stopped.Store(&now)
}
