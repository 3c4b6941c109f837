package public

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
	"golang.org/x/sync/singleflight"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web/page"
)

// cacheBytes bounds the page cache, in bytes, where memory is not limited.
const cacheBytes = 128 << 20

// cacheBound returns how many bytes the page cache may hold: a quarter of what the runtime may use, at most cacheBytes.
func cacheBound() int { return int(min(debug.SetMemoryLimit(-1)/4, cacheBytes)) }

// CachedGuide is a guide in memory, as it stands at one version of the site.
type CachedGuide struct {
	slug       string
	edition    *guide.Edition
	guideState postgres.GuideState
	settings   postgres.Settings
	page       *page.Basis // of pages that say more than the edition does
	text       *page.Basis // of what is made from the edition and the site's name alone
}

// hold notes that the guide is what the database gives with these settings.
func (c *CachedGuide) hold(settings *page.SiteState) {
	c.page.Hold(settings)
	c.text.Hold(settings)
}

// pageKey is what a page is kept under: its path, and its query in the one order that it is kept in.
type pageKey struct{ path, query string }

// cachedPage is an answer that is kept.
type cachedPage struct {
	*page.Encoded
	from  *page.Basis
	guide string // slug of the guide whose page it is; "" for another page
	Route string // for the access log
}

// cache keeps guides and pages.
type cache struct {
	guides  *lru[string, *CachedGuide] // by slug
	pages   *lru[pageKey, *cachedPage]
	queried *lru[pageKey, *cachedPage]
	drawing singleflight.Group
	drawn   atomic.Int64 // pages that were not there or not good any more
	queue   chan pageKey // whose pages are to be compressed fully
}

// newCache returns an empty cache of at most so many bytes. Addresses with a query, such as ticked pages, have a share of their
// own: there are so many of them that one client could push all others out.
func newCache(bytes int) *cache {
	return &cache{
		guides: newLRU[string, *CachedGuide](bytes * 3 / 8), pages: newLRU[pageKey, *cachedPage](bytes / 2),
		queried: newLRU[pageKey, *cachedPage](bytes / 8),
		queue:   make(chan pageKey, 1000),
	}
}

// share returns the part of the cache in which the address is kept.
func (c *cache) share(at pageKey) *lru[pageKey, *cachedPage] {
	if at.query == "" {
		return c.pages
	}
	return c.queried
}

func (c *cache) get(at pageKey) *cachedPage { return c.share(at).get(at) }

// load returns how much the cache holds.
func (c *cache) load() (bytes, pages int) {
	guides, _ := c.guides.load()
	own, n := c.pages.load()
	queried, m := c.queried.load()
	return guides + own + queried, n + m
}

// keepPage returns the page that was made from the basis, from memory or drawn: once, for all who ask at the same time, so one
// client that leaves does not end it. Readers with another basis do not share the drawing: theirs may be older.
func (h *Handlers) keepPage(r *http.Request, query string, from *page.Basis,
	draw func(ctx context.Context) (*page.Encoded, error),
) (*page.Encoded, error) {
	at := pageKey{r.URL.Path, query}
	if known := h.pages.get(at); known != nil && known.from == from {
		return known.Encoded, nil
	}
	drawn, err, _ := h.pages.drawing.Do(fmt.Sprintf("%p %s?%s", from, at.path, at.query), func() (any, error) {
		if known := h.pages.get(at); known != nil && known.from == from {
			return known.Encoded, nil
		}
		limited, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), page.RequestTimeout)
		defer cancel()
		e, err := draw(limited)
		if err != nil {
			return nil, err
		}
		h.pages.put(at, &cachedPage{e, from, guideIn(r), chi.RouteContext(r.Context()).RoutePattern()})
		return e, nil
	})
	if err != nil {
		return nil, err
	}
	return drawn.(*page.Encoded), nil
}

// keepSitePage returns the page that is made from the site as a whole.
func (h *Handlers) keepSitePage(r *http.Request, query string,
	draw func(context.Context, *page.SiteState) (*page.Encoded, error),
) (*page.Encoded, error) {
	now, err := h.SiteState(r.Context())
	if err != nil {
		return nil, err
	}
	return h.keepPage(r, query, now.Basis, func(ctx context.Context) (*page.Encoded, error) { return draw(ctx, now) })
}

func (c *cache) put(at pageKey, p *cachedPage) {
	c.drawn.Add(1)
	c.share(at).put(at, p, p.Size())
	if p.Effort != page.BestCompression {
		return
	}
	select {
	case c.queue <- at:
	default: // a page that is not compressed fully is only a little larger
	}
}

// compressionRest is how long the best compression rests, as a multiple of the time that it took for the page before: pages that
// change all the time may not take a processor from those who read.
const compressionRest = 20

// compressBest gives each page its best compression, one after the other, until ctx ends.
func (c *cache) compressBest(ctx context.Context) {
	writer := page.NewBestWriter()
	for {
		var began time.Time
		select {
		case <-ctx.Done():
			return
		case at := <-c.queue:
			began = time.Now()
			if shown := c.get(at); shown != nil {
				shown.CompressBest(writer)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(compressionRest * time.Since(began)):
		}
	}
}

// CacheLoad returns how many bytes and pages the cache holds.
func (h *Handlers) CacheLoad() (bytes, pages int) { return h.pages.load() }

// DrawnPages returns how many pages have been drawn for the cache.
func (h *Handlers) DrawnPages() int64 { return h.pages.drawn.Load() }

// CompressPages gives each cached page its best compression until ctx ends.
func (h *Handlers) CompressPages(ctx context.Context) { h.pages.compressBest(ctx) }
