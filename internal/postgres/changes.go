package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Told is an edition that a reader is told of: what it changed.
type Told struct {
	Slug    string // of the guide, now
	Then    string // its slug when the edition was made
	First   string // its slug when its first edition was made
	Title   string
	Digest  string
	MadeAt  time.Time
	Changes []string // a sentence each
}

// Changes lists the editions that changed something for a reader, the newest first: of the guide with the slug, or of all
// published guides if slug is "".
func (db *DB) Changes(ctx context.Context, slug string, most int) ([]Told, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT g.slug, e.slug, f.slug, g.title, e.digest, e.made_at, e.changes
		FROM editions e
		JOIN guides g ON g.id = e.guide_id
		JOIN editions f ON f.guide_id = e.guide_id AND f.number = 1
		WHERE e.changes <> '{}' AND g.edition IS NOT NULL AND ($1 = '' OR g.slug = $1)
		ORDER BY e.made_at DESC, e.digest
		LIMIT $2`, slug, most)
	told, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Told])
	if err != nil {
		return nil, fmt.Errorf("changes: %w", kind(err))
	}
	return told, nil
}
