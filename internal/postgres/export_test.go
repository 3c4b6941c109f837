package postgres

import "time"

// SetLastWrite has the heartbeat remember another last write, for tests that do not wait until it is old.
func (db *DB) SetLastWrite(at time.Time) { db.written.Store(&at) }
