package postgres

import (
	"context"
	"time"
)

// SetLastWrite has the heartbeat remember another last write, for tests that do not wait until it is old.
func (db *DB) SetLastWrite(at time.Time) { db.written.Store(&at) }

// LeadHere has a former address lead to the guide, whatever the guide's document says.
func (db *DB) LeadHere(ctx context.Context, former, slug string) error {
	_, err := db.pool.Exec(ctx, `INSERT INTO former_slugs (slug, guide_id) SELECT $1, id FROM guides WHERE slug = $2`, former,
		slug)
	return err
}
