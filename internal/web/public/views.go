package public

import (
	"context"
	"net/http"
	"regexp"
	"sync"

	"github.com/go-chi/chi/v5"

	"tiebreak/internal/web/page"
)

// viewCounter counts, in memory, how often guides are opened. It knows nothing about the visitors.
type viewCounter struct {
	mu    sync.Mutex
	views map[string]int // by slug; not stored yet
}

func (c *viewCounter) add(views map[string]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.views == nil {
		c.views = map[string]int{}
	}
	for slug, n := range views {
		c.views[slug] += n
	}
}

// take returns what is not stored yet, and forgets it.
func (c *viewCounter) take() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.views
	c.views = nil
	return taken
}

// program matches what programs call themselves that read for nobody who waits.
var program = regexp.MustCompile(`(?i)bot\b|bot/|crawl|spider|slurp|preview|monitor`)

// guideIn returns the slug of the guide whose page the request asks for, "" for another page.
func guideIn(r *http.Request) string {
	if chi.RouteContext(r.Context()).RoutePattern() != "/compare/{slug}" {
		return ""
	}
	return chi.URLParam(r, "slug")
}

// countView counts that a visitor opened the guide. Members, programs and pages with ticks do not count: the script asks for such
// a page with each tick.
func (h *Handlers) countView(r *http.Request, slug string) {
	agent := r.UserAgent()
	if slug == "" || r.URL.RawQuery != "" || r.Method != http.MethodGet || agent == "" || program.MatchString(agent) {
		return
	}
	if _, err := r.Cookie(h.SessionCookie()); err == nil {
		return
	}
	h.views.add(map[string]int{slug: 1})
}

func (h *Handlers) storeViews(ctx context.Context) {
	views := h.views.take()
	if len(views) == 0 {
		return
	}
	limited, cancel := context.WithTimeout(ctx, page.RequestTimeout)
	defer cancel()
	if err := h.DB.CountViews(limited, views); err != nil {
		h.Log.Warn("views of guides not stored", "error", err)
		h.views.add(views)
	}
}
