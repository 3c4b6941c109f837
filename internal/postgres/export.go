package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// Export returns the latest revision of each guide named, each saying what it is based on, or fault.NotFound. With no
// name it is the whole site: every guide, every option and the site's identity.
func (db *DB) Export(ctx context.Context, slugs []string) (guide.Folder, error) {
	var folder guide.Folder
	err := db.inTx(ctx, func(tx pgx.Tx) (err error) {
		if folder.Guides, err = latestRevisions(ctx, tx, slugs); err != nil {
			return err
		}
		if len(slugs) > 0 {
			return nil
		}
		if folder.Options, err = everyOption(ctx, tx); err != nil {
			return err
		}
		site, err := readSite(ctx, tx)
		folder.Site = &site
		return err
	})
	return folder, err
}

func latestRevisions(ctx context.Context, tx pgx.Tx, slugs []string) ([]guide.Guide, error) {
	rows, _ := tx.Query(ctx, `
		SELECT DISTINCT ON (g.slug) r.document
		FROM guides g
		JOIN revisions r ON r.guide_id = g.id
		WHERE cardinality($1::text[]) = 0 OR g.slug = ANY ($1)
		ORDER BY g.slug, r.number DESC`, append([]string{}, slugs...))
	guides, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (g guide.Guide, err error) {
		var document []byte
		if err := row.Scan(&document); err != nil {
			return g, err
		}
		if err := json.Unmarshal(document, &g); err != nil {
			return g, err
		}
		g.BasedOn, err = g.Digest()
		return g, err
	})
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, g := range guides {
		found[g.Slug] = true
	}
	for _, slug := range slugs {
		if !found[slug] {
			return nil, fmt.Errorf("guide %s: %w", slug, fault.NotFound)
		}
	}
	return guides, nil
}

func everyOption(ctx context.Context, tx pgx.Tx) ([]guide.Option, error) {
	rows, _ := tx.Query(ctx, `SELECT slug FROM options ORDER BY slug`)
	slugs, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	options, err := optionsBySlug(ctx, tx, slugs)
	if err != nil {
		return nil, err
	}
	for i := range options {
		if options[i].BasedOn, err = options[i].Digest(); err != nil {
			return nil, err
		}
	}
	return options, nil
}
