package pgembed

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// keeper owns a cluster: it has the lock and keeps postgres running until it is closed.
type keeper struct {
	home     home
	binaries binaries
	socket   string // folder of the socket
	fast     bool
	log      *slog.Logger
	lock     *lock

	closing sync.Once
	giveUp  context.CancelFunc // tells watch to end
	ended   chan struct{}      // closed when watch has ended
	failure error              // what went wrong in the stop; read after ended
}

// takeOver starts the cluster of a home whose lock we have, making it first if it is not there.
func takeOver(ctx context.Context, h home, l *lock, o Options) (*keeper, error) {
	b, err := h.findBinaries(o.Bin)
	if err != nil {
		return nil, err
	}
	if err := h.removeUnfinished(); err != nil {
		return nil, err
	}
	if !h.holdsData() {
		if o.Existing {
			return nil, noDatabase(o.Folder)
		}
		o.Log.Info("making a new database", "folder", h.root, "postgresql", b.major)
		if err := h.initdb(ctx, b, o.Fast); err != nil {
			return nil, err
		}
	}
	k := &keeper{home: h, binaries: b, fast: o.Fast, log: o.Log, lock: l, ended: make(chan struct{})}
	if k.socket, err = h.socketFolder(); err != nil {
		return nil, err
	}
	if err := k.begin(ctx); err != nil {
		h.removeShortFolder(k.socket)
		return nil, err
	}
	return k, nil
}

// begin starts postgres for the first time and watches it from then on.
func (k *keeper) begin(ctx context.Context) error {
	s, err := k.start(ctx)
	if err != nil {
		return err
	}
	if err := makeDatabase(ctx, k.socket); err != nil {
		s.stop()
		return fmt.Errorf("cannot prepare the database in %s: %w", k.home.shown, err)
	}
	watching, cancel := context.WithCancel(context.Background())
	k.giveUp = cancel
	go k.watch(watching, s)
	return nil
}

// start clears what an earlier run left and starts postgres.
func (k *keeper) start(ctx context.Context) (*server, error) {
	if err := k.clearLeftovers(); err != nil {
		return nil, err
	}
	return k.startServer(ctx)
}

// A crash is answered at once, crash after crash ever more slowly.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
	steadyRun  = time.Minute // after this long a crash counts as the first again
)

// watch starts postgres again whenever it dies, until ctx ends; then it stops it.
func (k *keeper) watch(ctx context.Context, s *server) {
	defer close(k.ended)
	pause := firstPause
	for s != nil {
		began := time.Now()
		select {
		case <-ctx.Done():
			k.failure = s.stop()
			return
		case <-s.exited:
		}
		if time.Since(began) > steadyRun {
			pause = firstPause
		}
		k.log.Error("PostgreSQL stopped by itself and is started again", "reason", s.reason, "log", k.home.logPath())
		s, pause = k.restart(ctx, pause)
	}
}

// restart tries until postgres runs or ctx ends, and returns the pause before the next try.
func (k *keeper) restart(ctx context.Context, pause time.Duration) (*server, time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return nil, pause
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
		s, err := k.start(ctx)
		if err == nil {
			k.log.Info("PostgreSQL runs again")
			return s, pause
		}
		if ctx.Err() == nil {
			k.log.Error("PostgreSQL does not start", "error", err)
		}
	}
}

// close stops postgres and lets the home go.
func (k *keeper) close() error {
	k.closing.Do(func() {
		k.giveUp()
		<-k.ended
		k.home.removeShortFolder(k.socket)
		k.lock.release()
	})
	return k.failure
}
