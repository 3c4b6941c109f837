// Package web answers requests: it reads input, asks the store, builds a page's props and renders them.
package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"
	"golang.org/x/sync/singleflight"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// Config is what a Server needs.
type Config struct {
	DB      *postgres.DB
	BaseURL *url.URL // the public address of the site
	Proxies []string // networks (CIDR) through which X-Forwarded-For counts
	Version string   // of the program, for metrics
	Log     *slog.Logger
}

// Server is the site. Its Router can be walked; its own ServeHTTP is the way in.
type Server struct {
	chi.Router

	db       *postgres.DB
	readers  *postgres.DB // the same, for what visitors read
	baseURL  *url.URL
	log      *slog.Logger
	secret   []byte
	passkeys *staff.RelyingParty // nil where browsers have none
	version  atomic.Int64        // of the site, as far as we know
	settings atomic.Pointer[settled]
	queue    atomic.Pointer[lead.Queue]
	pages    *cache
	turns    *turns              // of pages that are not in memory, and of searches
	renewals *turns              // of pages in memory that may be out of date
	reading  singleflight.Group  // of guides, by slug
	assets   map[string]*encoded // by address
	metrics  *metrics
	accounts sync.Map // account by kind
	ids      ids
	headers  []header // of every answer
	proxies  []string
	proxied  proxied
	// toldOfProxy is set once the log says that a proxy is likely.
	toldOfProxy atomic.Bool
	// unreadable is set once a trusted proxy sent an X-Forwarded-For that cannot be read.
	unreadable atomic.Bool
	closing    atomic.Bool
	answers    atomic.Bool               // the database, when it was last asked in the background
	pace       pace                      // of forms on their way
	stopped    atomic.Pointer[time.Time] // when Stop was called

	countSuspect func(lead.Cause)

	deletionWaits atomic.Pointer[time.Time] // until then; zero while the clock is trusted
}

// New reads what every page needs and builds the routes. Watch keeps it fresh.
func New(ctx context.Context, c Config) (*Server, error) {
	s := &Server{
		db: c.DB, readers: c.DB.Readers(), baseURL: c.BaseURL, log: c.Log, proxies: c.Proxies, pages: newCache(),
		turns: newTurns(), renewals: newTurns(), metrics: newMetrics(), ids: newIDs(), pace: formPace,
	}
	s.assets = encodeAssets()
	s.headers = strictHeaders(s.https())
	var err error
	if s.secret, err = c.DB.Secret(ctx); err != nil {
		return nil, err
	}
	if s.passkeys, err = staff.NewRelyingParty(c.BaseURL, s.secret); err != nil {
		return nil, err
	}
	version, err := c.DB.SiteVersion(ctx)
	if err != nil {
		return nil, err
	}
	s.version.Store(version)
	if err := s.readSettings(ctx); err != nil {
		return nil, err
	}
	if err := s.readQueue(ctx); err != nil {
		return nil, err
	}
	if err := s.readDeletionWaits(ctx); err != nil {
		return nil, err
	}
	s.answers.Store(true)
	s.metrics.watch(s, c.Version)
	s.countSuspect = func(cause lead.Cause) { s.metrics.suspects.WithLabelValues(string(cause)).Inc() }
	if s.Router, err = s.build(s.routes()); err != nil {
		return nil, err
	}
	return s, nil
}

// Watch keeps the state of the site fresh, and compresses pages in the background, until ctx ends.
func (s *Server) Watch(ctx context.Context) {
	var wait sync.WaitGroup
	wait.Go(func() { s.watchSite(ctx) })
	wait.Go(func() { s.compressPages(ctx) })
	wait.Wait()
}

// Drain makes /readyz say no, so that a balancer sends its next requests elsewhere before the server shuts down.
func (s *Server) Drain() { s.closing.Store(true) }

// Stop gives the forms that are on their way a few seconds more: a slow one must not hold up the end of the program.
func (s *Server) Stop() {
	now := time.Now()
	s.stopped.Store(&now)
}

// handler is a page's code: an error becomes its page in one place.
type handler func(w http.ResponseWriter, r *http.Request) error

// handle returns the handler with its errors answered by their pages.
func (s *Server) handle(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	}
}

// page is handle for a route: an address that does not exist is redirected if it is clear which page it means.
func (s *Server) page(h handler) http.HandlerFunc {
	return s.handle(func(w http.ResponseWriter, r *http.Request) error {
		err := h(w, r)
		if isNotFound(err) {
			return s.redirectOr(w, r, err)
		}
		return err
	})
}

// render builds the whole page before it writes, so that a failed component is still a clean error.
func render(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	body, err := html(r.Context(), page)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// The reader may be gone; there is nobody left to tell.
	_, _ = w.Write(body)
	return nil
}

// html draws the page. Components refuse a context that is over, and an answer that says so must still be drawn.
func html(ctx context.Context, page templ.Component) ([]byte, error) {
	var body bytes.Buffer
	err := page.Render(context.WithoutCancel(ctx), &body)
	return body.Bytes(), err
}

// frame is what every page says around its own content, from the settings in force.
func (s *Server) frame(ctx context.Context, title string) (ui.Page, error) {
	settings, err := s.current(ctx)
	if err != nil {
		return ui.Page{}, err
	}
	return s.frameOf(settings.Settings, title), nil
}

// lastFrame is the frame without asking the database.
func (s *Server) lastFrame(title string) ui.Page {
	return s.frameOf(s.settings.Load().Settings, title)
}

func (s *Server) frameOf(settings postgres.Settings, title string) ui.Page {
	p := ui.Page{Title: title, Home: s.link("/")}
	p.Site, p.Promise, p.Places, p.Record, p.Today = settings.Site, settings.Promise, settings.Places, settings.Record, settings.Today
	p.Feeds = []ui.Feed{{Title: p.Brand() + ": new guides and changes", Address: s.link("/feed.atom")}}
	return p
}

// link is an absolute address on this site.
func (s *Server) link(path string) string { return s.baseURL.JoinPath(path).String() }
