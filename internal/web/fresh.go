package web

import (
	"context"
	"errors"
	"sync"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
)

// compareEvery is how often the site's version is compared with the database's, whether or not LISTEN works, and how
// often places, record and queue are read: what a page says of them is never older than this and a little.
const compareEvery = 15 * time.Second

// watchSite keeps the state of the site fresh until ctx ends.
func (s *Server) watchSite(ctx context.Context) {
	var wait sync.WaitGroup
	defer wait.Wait()
	wait.Go(func() { s.db.ListenSiteVersion(ctx, s.log, s.hear) })

	tick := time.NewTicker(compareEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.compare(ctx)
		}
	}
}

// hear takes a version that may come late: it only ever grows.
func (s *Server) hear(version int64) {
	for known := s.version.Load(); version > known; known = s.version.Load() {
		if s.version.CompareAndSwap(known, version) {
			return
		}
	}
}

// compare asks for the version, for the settings with the day, the places and the record, for the queue and whether the
// database's clock is trusted.
func (s *Server) compare(ctx context.Context) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	version, err := s.db.SiteVersion(limited)
	if err == nil {
		s.hear(version)
		err = errors.Join(s.readSettings(limited), s.readQueue(limited), s.readDeletionWaits(limited))
	}
	s.answers.Store(err == nil)
	if err != nil && ctx.Err() == nil {
		s.log.Warn("site version not compared", "error", err)
	}
}

// settled are settings and the version of the site that they belong to.
type settled struct {
	postgres.Settings
	version int64
	basis   *basis // of pages that no single guide is the source of: good for these very settings
}

func newSettled(settings postgres.Settings, version int64) *settled {
	s := &settled{settings, version, &basis{}}
	s.basis.hold(s)
	return s
}

// current is the settings in force; while the database is away, as last read.
func (s *Server) current(ctx context.Context) (*settled, error) {
	known := s.settings.Load()
	if known.version == s.version.Load() {
		return known, nil
	}
	if err := s.readSettings(ctx); err != nil && !errors.Is(err, fault.Unavailable) {
		return nil, err
	}
	return s.settings.Load(), nil
}

func (s *Server) readSettings(ctx context.Context) error {
	version := s.version.Load() // before the reading: what changes during it is read again
	settings, err := s.db.Settings(ctx)
	if err != nil {
		return err
	}
	known := s.settings.Load()
	if known == nil || known.Settings != settings || known.version != version { // pages are good for this very pointer
		s.settings.Store(newSettled(settings, version))
	}
	return nil
}

func (s *Server) readQueue(ctx context.Context) error {
	queue, err := s.db.Queue(ctx)
	if err == nil {
		s.queue.Store(&queue)
	}
	return err
}

func (s *Server) readDeletionWaits(ctx context.Context) error {
	until, err := s.db.DeletionWaits(ctx)
	if err == nil {
		s.deletionWaits.Store(&until)
	}
	return err
}
