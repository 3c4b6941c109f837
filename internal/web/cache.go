package web

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/go-chi/chi/v5"
	"golang.org/x/sync/singleflight"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

// Bounds of the page cache, in bytes. Addresses with a query, such as ticked pages, have a share of their own: there are so
// many of them that one client could push all others out.
const (
	guideBytes   = 48 << 20
	pageBytes    = 64 << 20
	queriedBytes = 16 << 20
)

// basis is what a page is made from.
type basis struct{ good atomic.Pointer[settled] }

// hold notes that what was made from it is what the database gives with these settings.
func (b *basis) hold(settings *settled) { b.good.Store(settings) }

// goodFor reports whether what was made from it is what the database would give at this version of the site.
func (b *basis) goodFor(version int64, now *settled) bool {
	return now.version == version && b.good.Load() == now
}

// cached is a guide in memory, as it stands at one version of the site.
type cached struct {
	slug     string
	edition  *guide.Edition
	standing postgres.Standing
	settings postgres.Settings
	page     *basis // of pages that say more than the edition does
	text     *basis // of what is made from the edition and the site's name alone
}

// hold notes that the guide is what the database gives with these settings.
func (c *cached) hold(settings *settled) {
	c.page.hold(settings)
	c.text.hold(settings)
}

// address is what a page is kept under: its path, and its query in the one order that it is kept in.
type address struct{ path, query string }

// page is an answer that is kept.
type page struct {
	*encoded
	from  *basis
	route string // for the access log
}

// cache keeps guides and pages.
type cache struct {
	guides  *lru[string, *cached] // by slug
	pages   *lru[address, *page]
	queried *lru[address, *page]
	drawing singleflight.Group
	drawn   atomic.Int64 // pages that were not there or not good any more
	queue   chan address // whose pages are to be compressed fully
}

func newCache() *cache {
	return &cache{
		guides: newLRU[string, *cached](guideBytes), pages: newLRU[address, *page](pageBytes), queried: newLRU[address, *page](queriedBytes),
		queue: make(chan address, 1000),
	}
}

// share returns the part of the cache in which the address is kept.
func (c *cache) share(at address) *lru[address, *page] {
	if at.query == "" {
		return c.pages
	}
	return c.queried
}

func (c *cache) get(at address) *page { return c.share(at).get(at) }

// load returns how much the cache holds.
func (c *cache) load() (bytes, pages int) {
	guides, _ := c.guides.load()
	own, n := c.pages.load()
	queried, m := c.queried.load()
	return guides + own + queried, n + m
}

// keep returns the page that was made from the basis, from memory or drawn: once, for all who ask at the same time, so one
// client that leaves does not end it.
func (s *Server) keep(r *http.Request, query string, from *basis, draw func(ctx context.Context) (*encoded, error)) (*encoded, error) {
	at := address{r.URL.Path, query}
	if known := s.pages.get(at); known != nil && known.from == from {
		return known.encoded, nil
	}
	drawn, err, _ := s.pages.drawing.Do(at.path+"?"+at.query, func() (any, error) {
		if known := s.pages.get(at); known != nil && known.from == from {
			return known.encoded, nil
		}
		limited, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
		defer cancel()
		e, err := draw(limited)
		if err != nil {
			return nil, err
		}
		s.pages.put(at, &page{e, from, chi.RouteContext(r.Context()).RoutePattern()})
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return drawn.(*encoded), nil
}

// keepOfSite returns the page that is made from the site as a whole.
func (s *Server) keepOfSite(r *http.Request, query string, draw func(context.Context, *settled) (*encoded, error)) (*encoded, error) {
	now, err := s.current(r.Context())
	if err != nil {
		return nil, err
	}
	return s.keep(r, query, now.basis, func(ctx context.Context) (*encoded, error) { return draw(ctx, now) })
}

func (c *cache) put(at address, p *page) {
	c.drawn.Add(1)
	c.share(at).put(at, p, p.size())
	if p.effort != fully {
		return
	}
	select {
	case c.queue <- at:
	default: // a page that is not compressed fully is only a little larger
	}
}

// compressFully gives each page its best compression, one after the other, until ctx ends.
func (c *cache) compressFully(ctx context.Context) {
	writer := best()
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-c.queue:
			if page := c.get(at); page != nil {
				page.compressFully(writer)
			}
		}
	}
}

// cacheLoad returns how many bytes and pages the cache holds.
func (s *Server) cacheLoad() (bytes, pages int) { return s.pages.load() }

// drawnPages returns how many pages have been drawn for the cache.
func (s *Server) drawnPages() int64 { return s.pages.drawn.Load() }

// compressPages gives each cached page its best compression until ctx ends.
func (s *Server) compressPages(ctx context.Context) { s.pages.compressFully(ctx) }
