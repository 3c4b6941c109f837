// Package public shows guides, options, search and feeds to visitors, from a cache of whole pages where it can.
// Start with ShowGuide in guide.go and keepPage in page_cache.go.
package public

import (
	"golang.org/x/sync/singleflight"

	"tiebreak/internal/web/page"
)

// Handlers are the pages of visitors, and the cache that they are answered from.
type Handlers struct {
	*page.Core
	pages    *cache
	drawing  *drawLimit         // of pages that are not in memory, and of searches
	renewals *drawLimit         // of pages in memory that may be out of date
	reading  singleflight.Group // of guides, by version of the site and slug
	missing  missingCounter
	views    viewCounter
}

// New returns the handlers with an empty cache.
func New(core *page.Core) *Handlers {
	return &Handlers{Core: core, pages: newCache(cacheBound()), drawing: newDrawLimit(), renewals: newDrawLimit()}
}
