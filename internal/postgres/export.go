package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// Export returns the latest revision of each guide named and the options that they compare, each saying what it is based
// on, or fault.NotFound. With no name it is the whole site: every guide that is not retired, every option and the site's
// identity.
func (db *DB) Export(ctx context.Context, slugs []string) (guide.Folder, error) {
	var folder guide.Folder
	err := db.inTx(ctx, func(tx pgx.Tx) (err error) {
		if folder.Guides, err = latestRevisions(ctx, tx, slugs); err != nil {
			return err
		}
		if len(slugs) > 0 {
			var compared []string
			for _, g := range folder.Guides {
				compared = append(compared, g.Options...)
			}
			folder.Options, err = exportOptions(ctx, tx, compared)
			return err
		}
		rows, _ := tx.Query(ctx, `SELECT slug FROM options`)
		every, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		if folder.Options, err = exportOptions(ctx, tx, every); err != nil {
			return err
		}
		site, err := readSite(ctx, tx)
		folder.Site = site.All()
		return err
	})
	return folder, err
}

func latestRevisions(ctx context.Context, tx pgx.Tx, slugs []string) ([]guide.Guide, error) {
	for _, slug := range slugs {
		if to, err := leadsTo(ctx, tx, slug); err != nil || to != "" && to != slug {
			return nil, errors.Join(err, fmt.Errorf("guide %s is now %s: export that", slug, to))
		}
	}
	rows, _ := tx.Query(ctx, `
		SELECT DISTINCT ON (g.slug) g.slug, r.document
		FROM guides g
		JOIN revisions r ON r.guide_id = g.id
		WHERE (cardinality($1::text[]) = 0 OR g.slug = ANY ($1))
		  AND NOT EXISTS (SELECT FROM former_slugs f WHERE f.slug = g.slug AND f.guide_id <> g.id)
		ORDER BY g.slug, r.number DESC`, append([]string{}, slugs...))
	found := map[string]bool{}
	guides, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (g guide.Guide, err error) {
		var slug string
		var document []byte
		if err := row.Scan(&slug, &document); err != nil {
			return g, err
		}
		found[slug] = true
		if err := json.Unmarshal(document, &g); err != nil {
			return g, err
		}
		g.BasedOn, err = g.Digest()
		return g, err
	})
	if err != nil {
		return nil, err
	}
	for _, slug := range slugs {
		if !found[slug] {
			return nil, fmt.Errorf("guide %s: %w", slug, fault.NotFound)
		}
	}
	return guides, nil
}

func exportOptions(ctx context.Context, tx pgx.Tx, slugs []string) ([]guide.Option, error) {
	options, err := optionsBySlug(ctx, tx, slugs)
	if err != nil {
		return nil, err
	}
	for i := range options {
		if options[i].BasedOn, err = options[i].Digest(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(options, func(a, b guide.Option) int { return strings.Compare(a.Slug, b.Slug) })
	return options, nil
}
