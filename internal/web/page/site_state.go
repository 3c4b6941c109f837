package page

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
)

// Basis is what a page is made from.
type Basis struct{ good atomic.Pointer[SiteState] }

// Hold notes that what was made from it is what the database gives with these settings.
func (b *Basis) Hold(settings *SiteState) { b.good.Store(settings) }

// GoodFor reports whether what was made from it is what the database would give at this version of the site.
func (b *Basis) GoodFor(version int64, now *SiteState) bool {
	return now.version == version && b.good.Load() == now
}

// refreshEvery is how often the site's version is compared with the database's, whether or not LISTEN works, and how
// often places, record and queue are read: what a page says of them is never older than this and a little.
const refreshEvery = 15 * time.Second

// Watch keeps the state of the site fresh until ctx ends.
func (c *Core) Watch(ctx context.Context) {
	var wait sync.WaitGroup
	defer wait.Wait()
	heard := make(chan int64, 1)
	wait.Go(func() { c.noteVersions(ctx, heard) })
	wait.Go(func() {
		c.DB.ListenSiteVersion(ctx, c.Log, func(version int64) {
			select { // a version that nobody took yet is out of date
			case <-heard:
			default:
			}
			heard <- version
		})
	})

	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			c.Refresh(ctx)
		}
	}
}

// noteEvery is how long after a version the next one is taken. In a storm of changes each of them would otherwise have every
// cached page compared with the database again.
const noteEvery = 500 * time.Millisecond

// noteVersions takes versions that are heard until ctx ends: the first at once, and the last of those that follow it soon.
func (c *Core) noteVersions(ctx context.Context, heard <-chan int64) {
	for {
		select {
		case <-ctx.Done():
			return
		case version := <-heard:
			c.noteVersion(version)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(noteEvery):
		}
	}
}

// noteVersion takes a version that may come late: it only ever grows.
func (c *Core) noteVersion(version int64) {
	for known := c.Version.Load(); version > known; known = c.Version.Load() {
		if c.Version.CompareAndSwap(known, version) {
			return
		}
	}
}

// Refresh reads the version and the state of the site.
func (c *Core) Refresh(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, RequestTimeout)
	defer cancel()
	version, err := c.DB.SiteVersion(limited)
	if err == nil {
		c.noteVersion(version)
		err = c.readState(limited)
	}
	c.Answers.Store(err == nil)
	if err != nil && ctx.Err() == nil && !c.DB.Away() {
		c.Log.Warn("site version not compared", "error", postgres.Words(err))
	}
}

// SiteState are settings and the version of the site that they belong to.
type SiteState struct {
	postgres.Settings
	version int64
	Basis   *Basis // of pages that no single guide is the source of: good for these very settings
}

func newSiteState(settings postgres.Settings, version int64) *SiteState {
	s := &SiteState{settings, version, &Basis{}}
	s.Basis.Hold(s)
	return s
}

// SiteState returns the settings in force; while the database is away, as last read.
func (c *Core) SiteState(ctx context.Context) (*SiteState, error) {
	known := c.Settings.Load()
	if known.version == c.Version.Load() {
		return known, nil
	}
	if err := c.readSettings(ctx); err != nil && !errors.Is(err, fault.Unavailable) {
		return nil, err
	}
	return c.Settings.Load(), nil
}

func (c *Core) readSettings(ctx context.Context) error {
	version := c.Version.Load() // before the reading: what changes during it is read again
	settings, err := c.DB.Settings(ctx)
	if err != nil {
		return err
	}
	known := c.Settings.Load()
	if known == nil || known.Settings != settings || known.version != version { // pages are good for this very pointer
		c.Settings.Store(newSiteState(settings, version))
	}
	return nil
}

// DeletionWaits returns until when nothing is deleted because the database's clock may be wrong, as last read; zero while the
// clock is trusted.
func (c *Core) DeletionWaits() time.Time { return *c.deletionWaits.Load() }

// readState reads the settings with the day, the places and the record, the queue, until when nothing is deleted because the
// database's clock may be wrong, and how backups go.
func (c *Core) readState(ctx context.Context) error {
	err := c.readSettings(ctx)
	queue, queueErr := c.DB.Queue(ctx)
	if queueErr == nil {
		c.Queue.Store(&queue)
	}
	until, clockErr := c.DB.DeletionWaits(ctx)
	if clockErr == nil {
		c.deletionWaits.Store(&until)
	}
	backup, backupErr := c.DB.BackupStatus(ctx)
	if backupErr == nil {
		c.Backup.Store(&backup)
	}
	return errors.Join(err, queueErr, clockErr, backupErr)
}
