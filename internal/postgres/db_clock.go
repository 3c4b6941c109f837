package postgres

import (
	"sync/atomic"
	"time"
)

// databaseClock tells the queue the database's time: its jobs are due by that, however wrong the program's own clock is.
type databaseClock struct {
	ahead atomic.Int64 // nanoseconds by which the database's clock is ahead of the program's
}

// Now returns the database's time, as last measured.
func (c *databaseClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// NowOrNil returns the same, so that the queue uses no other time.
func (c *databaseClock) NowOrNil() *time.Time {
	now := c.Now()
	return &now
}

// set takes the time that the database told a moment ago.
func (c *databaseClock) set(now time.Time) { c.ahead.Store(int64(time.Until(now))) }

// QueueNow returns the database's time without asking for it: for what becomes due in the queue.
func (db *DB) QueueNow() time.Time { return db.clock.Now() }
