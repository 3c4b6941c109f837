package pgembed

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// prepare makes the cluster if it is not there, and the folder for its socket.
func (c *Cluster) prepare(ctx context.Context, o Options) (err error) {
	if c.binaries, err = c.location.findBinaries(o.Bin); err != nil {
		return err
	}
	if err := c.location.removeUnfinished(); err != nil {
		return err
	}
	if !c.location.holdsData() {
		if o.Existing {
			return noDatabase(o.Folder)
		}
		o.Log.Info("making a new database", "folder", c.location.root, "postgresql", c.binaries.major)
		if err := c.location.initdb(ctx, c.binaries, o.Fast); err != nil {
			return err
		}
	}
	c.socket, err = c.location.socketFolder()
	return err
}

// takeOver starts the cluster whose lock we have, and starts postgres again whenever it dies, until c.close.
func (c *Cluster) takeOver(ctx context.Context, l *lock, o Options) error {
	if err := c.prepare(ctx, o); err != nil {
		return err
	}
	running, stop := context.WithCancel(context.Background())
	unlink := context.AfterFunc(ctx, stop) // the end of ctx stops the start, not a cluster that runs
	p, err := c.startPrepared(running)
	if !unlink() && err == nil {
		p.stop()
		err = ctx.Err()
	}
	if err != nil {
		stop()
		c.location.removeShortFolder(c.socket)
		return err
	}
	ended := make(chan struct{})
	go func() { c.supervise(running, p); close(ended) }()
	c.close = sync.OnceValue(func() error {
		stop()
		select {
		case <-ended:
		case <-time.After(stopLimit):
			return fmt.Errorf("the PostgreSQL in %s does not stop", c.location.shown)
		}
		c.location.removeShortFolder(c.socket)
		l.release()
		return nil
	})
	return nil
}

// startPrepared starts postgres and makes the program's database in it.
func (c *Cluster) startPrepared(ctx context.Context) (*postgres, error) {
	p, err := c.startPostgres(ctx)
	if err != nil {
		return nil, err
	}
	if err := makeDatabase(ctx, c.socket, c.scratch); err != nil {
		p.stop()
		return nil, fmt.Errorf("cannot prepare the database in %s: %w", c.location.shown, err)
	}
	return p, nil
}

// A crash is answered at once, crash after crash ever more slowly.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
	steadyRun  = time.Minute // after this long a crash counts as the first again
)

// supervise starts postgres again whenever it dies, until ctx ends, which stops it.
func (c *Cluster) supervise(ctx context.Context, p *postgres) {
	for pause := firstPause; p != nil; {
		began := time.Now()
		<-p.exited
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > steadyRun {
			pause = firstPause
		}
		c.log.Error("PostgreSQL stopped by itself and is started again", "reason", p.reason, "log", c.location.logPath())
		p, pause = c.restart(ctx, pause)
	}
}

// restart tries until postgres runs or ctx ends, and returns the pause before the next try.
func (c *Cluster) restart(ctx context.Context, pause time.Duration) (*postgres, time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return nil, pause
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
		p, err := c.startPostgres(ctx)
		if err == nil {
			c.log.Info("PostgreSQL runs again")
			return p, pause
		}
		if ctx.Err() == nil {
			c.log.Error("PostgreSQL does not start", "error", err)
		}
	}
}
