package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// publishGuide writes a new revision of the guide, publishes it and makes its edition.
func publishGuide(ctx context.Context, tx pgx.Tx, g guide.Guide) error {
	document, err := json.Marshal(g)
	if err != nil {
		return err
	}
	// The options are locked before the guide, as a changed fact locks them: neither can miss the other's edition.
	var compared int
	err = tx.QueryRow(ctx, `
		SELECT count(*) FROM (SELECT FROM options WHERE slug = ANY ($1) ORDER BY id FOR SHARE) AS locked`,
		g.Options).Scan(&compared)
	if err != nil {
		return fmt.Errorf("options of %s: %w", g.Slug, err)
	}
	if compared != len(g.Options) {
		return fmt.Errorf("guide %s: %w: it compares an option that is not there", g.Slug, fault.NotFound)
	}
	var id int64
	var revision int
	err = tx.QueryRow(ctx, `
		INSERT INTO guides (slug, field) VALUES ($1, $2)
		ON CONFLICT (slug) DO UPDATE SET field = excluded.field
		RETURNING id`, g.Slug, g.Field).Scan(&id)
	if err != nil {
		return fmt.Errorf("guide %s: %w", g.Slug, err)
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO revisions (guide_id, number, document)
		SELECT $1, coalesce(max(number), 0) + 1, $2 FROM revisions WHERE guide_id = $1
		RETURNING number`, id, document).Scan(&revision)
	if err != nil {
		return fmt.Errorf("revision of %s: %w", g.Slug, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE guides SET published = $2 WHERE id = $1`, id, revision); err != nil {
		return fmt.Errorf("publish %s: %w", g.Slug, err)
	}
	if err := compareOptions(ctx, tx, id, g.Options); err != nil {
		return err
	}
	return makeEdition(ctx, tx, id)
}

func compareOptions(ctx context.Context, tx pgx.Tx, id int64, slugs []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM guide_options WHERE guide_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO guide_options (guide_id, position, option_id)
		SELECT $1, s.position, o.id
		FROM unnest($2::text[]) WITH ORDINALITY AS s (slug, position)
		JOIN options o ON o.slug = s.slug`, id, slugs)
	return err
}

// GuideLine is a guide in a list.
type GuideLine struct {
	Slug    string
	Field   string
	Edition *guide.Edition
}

// Guides lists the published guides, shelf by shelf.
func (db *DB) Guides(ctx context.Context) ([]GuideLine, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT g.slug, g.field, e.document, e.made_at
		FROM guides g
		JOIN editions e ON e.digest = g.edition
		ORDER BY g.field, g.slug`)
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (GuideLine, error) {
		var line GuideLine
		var document []byte
		var madeAt time.Time
		if err := row.Scan(&line.Slug, &line.Field, &document, &madeAt); err != nil {
			return line, err
		}
		var err error
		line.Edition, err = guide.ReadEdition(document, madeAt)
		return line, err
	})
	if err != nil {
		return nil, fmt.Errorf("guides: %w", kind(err))
	}
	return lines, nil
}
