package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// saveOption writes the option and a new version of each fact that differs from the one in force. Every published guide
// that shows a changed fact gets its new edition in the same transaction.
func saveOption(ctx context.Context, tx pgx.Tx, o guide.Option) error {
	var id int64
	err := tx.QueryRow(ctx, `
		INSERT INTO options (slug, name, kind, homepage) VALUES ($1, $2, $3, $4)
		ON CONFLICT (slug) DO UPDATE SET name = excluded.name, kind = excluded.kind, homepage = excluded.homepage
		RETURNING id`,
		o.Slug, o.Name, o.Kind, o.Homepage).Scan(&id)
	if err != nil {
		return fmt.Errorf("option %s: %w", o.Slug, err)
	}
	known, err := optionsBySlug(ctx, tx, []string{o.Slug})
	if err != nil {
		return err
	}
	for key, f := range o.Facts {
		before := known[0].Facts[key]
		if before.Version > 0 && before.Same(f) {
			continue
		}
		f.Version = before.Version + 1
		if err := insertFact(ctx, tx, id, key, f); err != nil {
			return fmt.Errorf("fact %s of %s: %w", key, o.Slug, err)
		}
	}
	return renewEditions(ctx, tx, id)
}

func insertFact(ctx context.Context, tx pgx.Tx, option int64, key string, f guide.Fact) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO facts (option_id, key, version, value, detail, confidence, checked, review, sources)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, '[]'::jsonb))`,
		option, key, f.Version, f.Value, f.Detail, f.Confidence, f.Checked, f.Review, f.Sources)
	return err
}

// optionsBySlug returns the options with their facts in force, in no particular order.
func optionsBySlug(ctx context.Context, tx pgx.Tx, slugs []string) ([]guide.Option, error) {
	rows, _ := tx.Query(ctx, `
		SELECT o.slug, o.name, o.kind, o.homepage
		FROM options o
		WHERE o.slug = ANY ($1)`, slugs)
	options, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (guide.Option, error) {
		o := guide.Option{Facts: map[string]guide.Fact{}}
		return o, row.Scan(&o.Slug, &o.Name, &o.Kind, &o.Homepage)
	})
	if err != nil {
		return nil, err
	}
	bySlug := map[string]guide.Option{}
	for _, o := range options {
		bySlug[o.Slug] = o
	}
	rows, _ = tx.Query(ctx, `
		SELECT DISTINCT ON (f.option_id, f.key)
		       o.slug, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources
		FROM facts f
		JOIN options o ON o.id = f.option_id
		WHERE o.slug = ANY ($1)
		ORDER BY f.option_id, f.key, f.version DESC`, slugs)
	var slug, key string
	var f guide.Fact
	_, err = pgx.ForEachRow(rows,
		[]any{&slug, &key, &f.Version, &f.Value, &f.Detail, &f.Confidence, &f.Checked, &f.Review, &f.Sources},
		func() error {
			bySlug[slug].Facts[key] = f
			f = guide.Fact{}
			return nil
		})
	return options, err
}
