package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// saveOption stores the option and a new version of each of its facts that differs from the one before, all of them made by
// the member, and returns how many facts changed.
func saveOption(
	ctx context.Context, tx pgx.Tx, o guide.Option, before map[string]guide.Fact, member int64,
) (changed int, err error) {
	var id int64
	err = tx.QueryRow(ctx, `
		INSERT INTO options (slug, name, kind, homepage) VALUES (@slug, @name, @kind, @homepage)
		ON CONFLICT (slug) DO UPDATE SET name = excluded.name, kind = excluded.kind, homepage = excluded.homepage
		RETURNING id`,
		pgx.StrictNamedArgs{"slug": o.Slug, "name": o.Name, "kind": o.Kind, "homepage": o.Homepage}).Scan(&id)
	if err != nil {
		return 0, err
	}
	if changed, err = saveFacts(ctx, tx, id, o.Facts, before, member); err != nil {
		return changed, err
	}
	if err := indexOption(ctx, tx, id, o); err != nil {
		return changed, err
	}
	if err := renewEditions(ctx, tx, id); err != nil {
		return changed, err
	}
	return changed, bumpVersion(ctx, tx) // for the option's own page, also where no guide shows what changed
}

func saveFacts(
	ctx context.Context, tx pgx.Tx, option int64, facts, before map[string]guide.Fact, member int64,
) (changed int, err error) {
	for _, key := range slices.Sorted(maps.Keys(facts)) {
		f, was := facts[key], before[key]
		if was.Version > 0 && was.Same(f) {
			continue
		}
		changed++
		_, err := tx.Exec(ctx, `
			INSERT INTO facts (option_id, key, version, value, detail, confidence, checked, review, sources, member_id)
			VALUES (@option, @key, @version, @value, @detail, @confidence, @checked, @review, coalesce(@sources, '[]'::jsonb),
			        nullif(@member, 0))`,
			pgx.StrictNamedArgs{
				"option": option, "key": key, "version": was.Version + 1, "value": f.Value, "detail": f.Detail,
				"confidence": f.Confidence, "checked": f.Checked, "review": f.Review, "sources": f.Sources,
				"member": member,
			})
		if err != nil {
			return changed, fmt.Errorf("fact %s: %w", key, err)
		}
	}
	return changed, nil
}

// Option returns an option with its facts in force, or fault.NotFound.
func (db *DB) Option(ctx context.Context, slug string) (o guide.Option, err error) {
	defer wrap(&err, "option %q", slug)
	err = db.readTx(ctx, func(tx pgx.Tx) (err error) {
		o, err = oneOption(ctx, tx, slug)
		return err
	})
	return o, err
}

// oneOption returns the option with its facts in force, or fault.NotFound.
func oneOption(ctx context.Context, tx pgx.Tx, slug string) (guide.Option, error) {
	options, err := optionsBySlug(ctx, tx, []string{slug})
	if err == nil && len(options) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return guide.Option{}, err
	}
	return options[0], nil
}

// OptionsNamed returns the options with their facts in force, those that exist, in the order of the slugs.
func (db *DB) OptionsNamed(ctx context.Context, slugs []string) (options []guide.Option, err error) {
	defer wrap(&err, "options")
	err = db.readTx(ctx, func(tx pgx.Tx) error {
		options, err = optionsBySlug(ctx, tx, slugs)
		return err
	})
	slices.SortFunc(options, func(a, b guide.Option) int { return slices.Index(slugs, a.Slug) - slices.Index(slugs, b.Slug) })
	return options, err
}

// OptionName names an option that a guide can compare.
type OptionName struct{ Slug, Name string }

// OptionNames returns all options that are not retired, by name.
func (db *DB) OptionNames(ctx context.Context) (options []OptionName, err error) {
	defer wrap(&err, "option names")
	rows, _ := db.pool.Query(ctx, `SELECT slug, name FROM options WHERE retired_at IS NULL ORDER BY lower(name), slug`)
	return pgx.CollectRows(rows, pgx.RowToStructByName[OptionName])
}

// optionsBySlug returns the options with their facts in force, in no particular order.
func optionsBySlug(ctx context.Context, tx pgx.Tx, slugs []string) ([]guide.Option, error) {
	rows, _ := tx.Query(ctx, `
		SELECT slug, name, kind, homepage, retired_at IS NOT NULL AS retired FROM options WHERE slug = ANY ($1)`, slugs)
	options, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[guide.Option])
	if err != nil {
		return nil, err
	}
	facts := map[string]map[string]guide.Fact{} // by option and key
	for i, o := range options {
		options[i].Facts = map[string]guide.Fact{}
		facts[o.Slug] = options[i].Facts
	}
	rows, _ = tx.Query(ctx, `
		SELECT DISTINCT ON (f.option_id, f.key)
		       o.slug, f.key, f.version, f.value, f.detail, f.confidence, f.checked, f.review, f.sources
		FROM facts f
		JOIN options o ON o.id = f.option_id
		WHERE o.slug = ANY ($1)
		ORDER BY f.option_id, f.key, f.version DESC`, slices.Collect(maps.Keys(facts)))
	type fact struct {
		Slug, Key string
		guide.Fact
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[fact])
	for _, f := range found {
		facts[f.Slug][f.Key] = f.Fact
	}
	return options, err
}
