package public

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"golang.org/x/sync/semaphore"

	"tiebreak/internal/fault"
	"tiebreak/internal/web/page"
)

// drawWait is how long a visitor waits for a page's turn to be drawn.
const drawWait = 300 * time.Millisecond

// clientShare is how many requests of one client may wait for each turn: what another client waits behind.
const clientShare = 4

// clientPace is how long each request of a client counts against its share at least, once the client asks for more than
// its share. A page that takes little time to draw takes as much to send, so a turn alone would not leave time for others.
const clientPace = 2 * time.Millisecond

// drawLimit bounds how many pages are drawn and searches made at once. It leaves a processor to pages that are in memory and to
// people who send a request. No client may fill the queue for the others.
type drawLimit struct {
	most    int64
	all     *semaphore.Weighted
	mu      sync.Mutex
	clients map[string]*clientLoad
}

// clientLoad is what one client waits for or has drawn.
type clientLoad struct {
	share    *semaphore.Weighted
	requests int
}

func newDrawLimit() *drawLimit {
	most := int64(max(1, runtime.GOMAXPROCS(0)-1))
	return &drawLimit{most: most, all: semaphore.NewWeighted(most), clients: map[string]*clientLoad{}}
}

// begin waits for a turn, which ends with end. A client whose share is used up waits longer, for times that differ: a refusal
// that came at once would only be repeated at once, and many at one moment would hold up the pages in memory.
func (t *drawLimit) begin(ctx context.Context, client string) (end func(), err error) {
	spread, cancel := context.WithTimeout(ctx, drawWait+rand.N(2*drawWait))
	defer cancel()
	own := t.enter(client)
	waited := !own.share.TryAcquire(1)
	if waited && own.share.Acquire(spread, 1) != nil {
		t.leave(client)
		return nil, errors.Join(page.ErrTooManyPages, ctx.Err())
	}
	leave := func() {
		own.share.Release(1)
		t.leave(client)
	}
	limited, stop := context.WithTimeout(ctx, drawWait)
	defer stop()
	if t.all.Acquire(limited, 1) != nil {
		leave()
		return nil, errors.Join(page.ErrBusy, ctx.Err())
	}
	return func() {
		t.all.Release(1)
		if waited {
			time.AfterFunc(clientPace, leave)
			return
		}
		leave()
	}, nil
}

func (t *drawLimit) enter(client string) *clientLoad {
	t.mu.Lock()
	defer t.mu.Unlock()
	own, ok := t.clients[client]
	if !ok {
		own = &clientLoad{share: semaphore.NewWeighted(clientShare * t.most)}
		t.clients[client] = own
	}
	own.requests++
	return own
}

func (t *drawLimit) leave(client string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.clients[client]
	if own.requests--; own.requests == 0 {
		delete(t.clients, client)
	}
}

// drawer makes a page, or takes it from memory. It writes nothing: a client that reads slowly holds no turn.
type drawer func(r *http.Request) (*page.Encoded, error)

// guideDrawer makes a page of the guide that the address names.
type guideDrawer func(r *http.Request, c *CachedGuide) (*page.Encoded, error)

// DrawnGuide answers as Drawn does, with a page of a guide.
func (h *Handlers) DrawnGuide(draw guideDrawer) page.Handler {
	return h.Drawn(func(r *http.Request) (*page.Encoded, error) {
		c, err := h.cachedGuide(r.Context(), chi.URLParam(r, "slug"))
		if err != nil {
			return nil, err
		}
		return draw(r, c)
	})
}

// Drawn answers with a page that is made in its turn. Where that cannot be, what was shown at the address before is shown on.
func (h *Handlers) Drawn(draw drawer) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		shown, err := h.drawInTurn(r, draw)
		switch {
		case errors.Is(err, fault.Unavailable), errors.Is(err, fault.TooMany):
			known := h.pages.get(pageKey{r.URL.Path, r.URL.RawQuery})
			if known == nil {
				return err
			}
			shown = known.Encoded
		case err != nil:
			return err
		}
		shown.Write(w, r)
		return nil
	}
}

// drawInTurn makes the page when its turn has come. Pages that were shown before have turns apart from new ones: they are few,
// and their readers expect them at once.
func (h *Handlers) drawInTurn(r *http.Request, draw drawer) (*page.Encoded, error) {
	turns := h.drawing
	if h.pages.get(pageKey{r.URL.Path, r.URL.RawQuery}) != nil {
		turns = h.renewals
	}
	end, err := turns.begin(r.Context(), string(h.Client(r)))
	if err != nil {
		return nil, err
	}
	defer end()
	return draw(r)
}

// HoldDrawing waits until no page is being drawn and lets none be drawn until release is called. Tests use it to make the site
// busy.
func (h *Handlers) HoldDrawing(ctx context.Context) (release func(), err error) {
	for _, limit := range []*drawLimit{h.drawing, h.renewals} {
		if err := limit.all.Acquire(ctx, limit.most); err != nil {
			return nil, err
		}
	}
	return func() {
		h.drawing.all.Release(h.drawing.most)
		h.renewals.all.Release(h.renewals.most)
	}, nil
}
