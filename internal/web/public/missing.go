package public

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/text"
	"tiebreak/internal/web/page"
)

// Bounds of what one instance counts in a day: how many comparisons of each client, so that nobody fills the day for the others,
// and of how many clients.
const (
	maxOfClient = 20
	maxClients  = 2000
)

// missingCounter counts, in memory, the comparisons that visitors look for and that no guide has. A client counts once a day for
// each. The clients are forgotten at the end of the day and never stored.
type missingCounter struct {
	mu      sync.Mutex
	day     guide.Date
	clients map[string]map[string]bool // what each has looked for today
	times   map[string]int             // not stored yet
}

// add counts the comparison for the client.
func (c *missingCounter) add(day guide.Date, client, names string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.day != day {
		c.day, c.clients = day, map[string]map[string]bool{}
	}
	asked, known := c.clients[client]
	if !known && len(c.clients) == maxClients || asked[names] || len(asked) == maxOfClient {
		return
	}
	if !known {
		asked = map[string]bool{}
		c.clients[client] = asked
	}
	asked[names] = true
	c.keep(names, 1)
}

// keep adds to what is not stored yet, as far as a day has room for it. The caller holds the lock.
func (c *missingCounter) keep(names string, times int) {
	if c.times == nil {
		c.times = map[string]int{}
	}
	if c.times[names] > 0 || len(c.times) < guide.MaxMissing {
		c.times[names] += times
	}
}

// take returns what is not stored yet, and forgets it.
func (c *missingCounter) take() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.times
	c.times = nil
	return taken
}

// putBack keeps what was taken and could not be stored.
func (c *missingCounter) putBack(times map[string]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for names, n := range times {
		c.keep(names, n)
	}
}

// storeEvery is how long a count waits in memory. One statement then stores all: a search or a page that does not exist must not
// wait for a write, and a program that asks for thousands of them must not cause as many.
const storeEvery = 2 * time.Second

// StoreCounts stores now and then which missing comparisons were looked for and which guides were opened, until ctx ends, and
// then once more.
func (h *Handlers) StoreCounts(ctx context.Context) {
	tick := time.NewTicker(storeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			h.storeMissing(context.WithoutCancel(ctx))
			h.storeViews(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			if !h.DB.Away() { // they are kept in memory until it is back
				h.storeMissing(ctx)
				h.storeViews(ctx)
			}
		}
	}
}

func (h *Handlers) storeMissing(ctx context.Context) {
	times := h.missing.take()
	if len(times) == 0 {
		return
	}
	limited, cancel := context.WithTimeout(ctx, page.RequestTimeout)
	defer cancel()
	if err := h.DB.CountMissing(limited, times); err != nil {
		h.Log.Warn("counts of missing comparisons not stored", "error", err)
		h.missing.putBack(times)
	}
}

// countMissing counts a comparison that a visitor looked for. Members look at what visitors looked for, so they do not count.
func (h *Handlers) countMissing(r *http.Request, names string) {
	if _, err := r.Cookie(h.SessionCookie()); err == nil || names == "" || r.Method != http.MethodGet {
		return
	}
	h.missing.add(h.Settings.Load().Today, string(h.Client(r)), names)
}

// showMissing answers a request for a comparison that does not exist with the nearest guides and the way to the form; where it
// has none to show, it returns otherwise.
func (h *Handlers) showMissing(w http.ResponseWriter, r *http.Request, otherwise error) error {
	asked, isComparison := comparisonIn(r.URL.Path)
	if !isComparison {
		return otherwise
	}
	end, err := h.drawing.begin(r.Context(), string(h.Client(r)))
	if err != nil {
		return err
	}
	defer end()
	p, err := h.search(r, asked)
	if err != nil {
		return err
	}
	if len(p.Missing) == 0 && len(p.Found) == 0 {
		return otherwise
	}
	p.Title, p.Gone, p.NoIndex, p.Canonical = "This page does not exist", true, true, ""
	if len(p.Missing) > 0 {
		p.Asked = strings.Join(p.Missing, " vs ")
	}
	w.Header().Set("Cache-Control", "no-store")
	return page.Render(w, r, http.StatusNotFound, p.View())
}

// comparisonIn returns the names in the address of a comparison as a reader would type them: "Fastapi vs Ruby on rails".
func comparisonIn(path string) (words string, is bool) {
	slug, is := strings.CutPrefix(strings.ToValidUTF8(path, ""), "/compare/")
	sides := strings.Split(slug, "-vs-")
	if !is || len(sides) < 2 || len(slug) > maxQuery || strings.ContainsAny(slug, "/.") {
		return "", false
	}
	for i, side := range sides {
		sides[i] = text.Capitalise(strings.ReplaceAll(side, "-", " "))
	}
	return strings.Join(sides, " vs "), true
}
