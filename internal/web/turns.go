package web

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"tiebreak/internal/fault"
)

// turnWait is how long a visitor waits for a page's turn to be drawn.
const turnWait = 300 * time.Millisecond

// sharePerTurn is how many requests of one client may wait for each turn: what another client waits behind.
const sharePerTurn = 4

// pacePerRequest is how long each request of a client counts against its share at least, once the client asks for more than
// its share. A page that takes little time to draw takes as much to send, so a turn alone would not leave time for others.
const pacePerRequest = 2 * time.Millisecond

var (
	errBusy   = fmt.Errorf("too many pages are being drawn: %w", fault.Unavailable)
	errGreedy = fmt.Errorf("one client has too many pages drawn at once: %w", fault.TooMany)
)

// turns bounds how many pages are drawn and searches made at once. It leaves a processor to pages that are in memory and to
// people who send a request. No client may fill the queue for the others.
type turns struct {
	most    int64
	all     *semaphore.Weighted
	mu      sync.Mutex
	clients map[string]*queueing
}

// queueing is what one client waits for or has drawn.
type queueing struct {
	share    *semaphore.Weighted
	requests int
}

func newTurns() *turns {
	most := int64(max(1, runtime.GOMAXPROCS(0)-1))
	return &turns{most: most, all: semaphore.NewWeighted(most), clients: map[string]*queueing{}}
}

// begin waits for a turn, which ends with end. A client whose share is used up waits longer, for times that differ: a refusal
// that came at once would only be repeated at once, and many at one moment would hold up the pages in memory.
func (t *turns) begin(ctx context.Context, client string) (end func(), err error) {
	spread, cancel := context.WithTimeout(ctx, turnWait+rand.N(2*turnWait))
	defer cancel()
	own := t.enter(client)
	waited := !own.share.TryAcquire(1)
	if waited && own.share.Acquire(spread, 1) != nil {
		t.leave(client)
		return nil, errors.Join(errGreedy, ctx.Err())
	}
	leave := func() {
		own.share.Release(1)
		t.leave(client)
	}
	limited, stop := context.WithTimeout(ctx, turnWait)
	defer stop()
	if t.all.Acquire(limited, 1) != nil {
		leave()
		return nil, errors.Join(errBusy, ctx.Err())
	}
	return func() {
		t.all.Release(1)
		if waited {
			time.AfterFunc(pacePerRequest, leave)
			return
		}
		leave()
	}, nil
}

func (t *turns) enter(client string) *queueing {
	t.mu.Lock()
	defer t.mu.Unlock()
	own, ok := t.clients[client]
	if !ok {
		own = &queueing{share: semaphore.NewWeighted(sharePerTurn * t.most)}
		t.clients[client] = own
	}
	own.requests++
	return own
}

func (t *turns) leave(client string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.clients[client]
	if own.requests--; own.requests == 0 {
		delete(t.clients, client)
	}
}

// drawer makes a page, or takes it from memory. It writes nothing: a client that reads slowly holds no turn.
type drawer func(r *http.Request) (*encoded, error)

// drawn answers with a page that is made in its turn. Where that cannot be, what was shown at the address before is shown on.
func (s *Server) drawn(draw drawer) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := s.inTurn(r, draw)
		switch {
		case errors.Is(err, fault.Unavailable), errors.Is(err, fault.TooMany):
			known := s.pages.get(address{r.URL.Path, r.URL.RawQuery})
			if known == nil {
				return err
			}
			page = known.encoded
		case err != nil:
			return err
		}
		page.write(w, r)
		return nil
	}
}

// inTurn makes the page when its turn has come. Pages that were shown before have turns apart from new ones: they are few, and
// their readers expect them at once.
func (s *Server) inTurn(r *http.Request, draw drawer) (*encoded, error) {
	turns := s.turns
	if s.pages.get(address{r.URL.Path, r.URL.RawQuery}) != nil {
		turns = s.renewals
	}
	end, err := turns.begin(r.Context(), string(s.client(r)))
	if err != nil {
		return nil, err
	}
	defer end()
	return draw(r)
}
