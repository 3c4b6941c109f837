package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// Exported is what an export holds.
type Exported struct {
	guide.Folder
	Drafts []string // guides that have a draft newer than what is published
}

// Export returns the published revision of each guide named, or with drafts the latest one, and the options that they
// compare, each saying what it is based on, or fault.NotFound. With no name it is the whole site: every guide that is not
// retired, every option and the site's identity.
func (db *DB) Export(ctx context.Context, slugs []string, drafts bool) (Exported, error) {
	var out Exported
	err := db.readTx(ctx, func(tx pgx.Tx) (err error) {
		if err := exportGuides(ctx, tx, &out, slugs, drafts); err != nil {
			return err
		}
		if len(slugs) > 0 {
			var compared []string
			for _, g := range out.Guides {
				compared = append(compared, g.Options...)
			}
			out.Options, err = exportOptions(ctx, tx, compared)
			return err
		}
		rows, _ := tx.Query(ctx, `SELECT slug FROM options`)
		every, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		if out.Options, err = exportOptions(ctx, tx, every); err != nil {
			return err
		}
		site, err := readSite(ctx, tx)
		out.Site = site.All()
		return err
	})
	return out, err
}

// exportGuides adds the guides and the names of those that have drafts.
func exportGuides(ctx context.Context, tx pgx.Tx, out *Exported, slugs []string, drafts bool) error {
	if err := refuseFormerSlugs(ctx, tx, slugs); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, `
		SELECT g.slug, CASE WHEN $2 THEN r.document ELSE p.document END AS document, `+draftNewer+` AS draft,
		       CASE WHEN r.number = g.published OR NOT $2 THEN (
			SELECT array_agg(f.slug ORDER BY f.slug) FROM former_slugs f WHERE f.guide_id = g.id) END AS formerly
		FROM guides g
		JOIN LATERAL (SELECT * FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1) r ON true
		LEFT JOIN revisions p ON p.guide_id = g.id AND p.number = g.published
		WHERE (cardinality($1::text[]) = 0 OR g.slug = ANY ($1))
		  AND NOT EXISTS (SELECT FROM former_slugs f WHERE f.slug = g.slug AND f.guide_id <> g.id)
		ORDER BY g.slug`, append([]string{}, slugs...), drafts)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[exportLine])
	if err != nil {
		return err
	}
	found := map[string]bool{}
	for _, line := range lines {
		found[line.Slug] = true
		if line.Draft {
			out.Drafts = append(out.Drafts, line.Slug)
		}
		switch {
		case line.Document != nil:
			g, err := line.guide()
			if err == nil && drafts && line.Draft {
				g, err = withEdits(ctx, tx, line.Slug, g)
			}
			if err != nil {
				return err
			}
			out.Guides = append(out.Guides, g)
		case len(slugs) > 0:
			return fmt.Errorf("guide %s is not published yet: add --drafts to export its draft", line.Slug)
		}
	}
	for _, slug := range slugs {
		if !found[slug] {
			return fmt.Errorf("guide %s: %w", slug, fault.NotFound)
		}
	}
	return nil
}

// refuseFormerSlugs returns an error that names the present slug of a guide that was asked for by a former one.
func refuseFormerSlugs(ctx context.Context, tx pgx.Tx, slugs []string) error {
	for _, slug := range slugs {
		switch to, err := redirectsTo(ctx, tx, slug); {
		case err != nil:
			return err
		case to != "" && to != slug:
			return fmt.Errorf("guide %s is now %s: export that", slug, to)
		}
	}
	return nil
}

// exportLine is a guide on its way out.
type exportLine struct {
	Slug     string
	Document []byte // nil if no revision is to be written
	Draft    bool   // its latest revision is not published
	Formerly []string
}

// guide returns the revision, listing every old slug that leads to it now.
func (l exportLine) guide() (g guide.Guide, err error) {
	if err := json.Unmarshal(l.Document, &g); err != nil {
		return g, err
	}
	g.BasedOn, err = g.Digest()
	for _, slug := range l.Formerly {
		if !slices.Contains(g.Formerly, slug) {
			g.Formerly = append(g.Formerly, slug)
		}
	}
	return g, err
}

// withEdits returns the guide of a latest revision with what members changed on the site since.
func withEdits(ctx context.Context, tx pgx.Tx, slug string, g guide.Guide) (guide.Guide, error) {
	d, err := readDraft(ctx, tx, slug)
	if err != nil || len(d.Changes) == 0 {
		return g, err
	}
	d.Guide.Formerly = g.Formerly
	d.Guide.BasedOn = d.Seen()
	return d.Guide, nil
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
