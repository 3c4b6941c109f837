package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// MaxListedOptions bounds the list of options.
const MaxListedOptions = 200

// Options lists the options whose names or slugs contain the words, "" for all: those with overdue facts first.
func (db *DB) Options(ctx context.Context, words string) (options []guide.ListedOption, err error) {
	defer wrap(&err, "options")
	rows, _ := db.pool.Query(ctx, `
		SELECT o.slug, o.name, o.kind, o.retired_at IS NOT NULL AS retired, f.facts, f.overdue, (
			SELECT count(*) FROM guide_options c JOIN guides g ON g.id = c.guide_id
			WHERE c.option_id = o.id AND g.edition IS NOT NULL) AS guides
		FROM options o
		CROSS JOIN LATERAL (
			SELECT count(*) AS facts, count(*) FILTER (WHERE review < (`+siteToday+`)) AS overdue
			FROM (SELECT DISTINCT ON (key) review FROM facts WHERE option_id = o.id ORDER BY key, version DESC) f
		) f
		WHERE strpos(lower(o.name), lower(@words)) > 0 OR strpos(o.slug, lower(@words)) > 0
		ORDER BY retired, f.overdue DESC, lower(o.name), o.slug
		LIMIT @most`, pgx.StrictNamedArgs{"words": words, "most": MaxListedOptions})
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.ListedOption])
}

// AddOption adds an option without facts for a member. It returns fault.Conflict if the slug is taken.
func (db *DB) AddOption(ctx context.Context, o guide.Option, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		switch _, err := oneOption(ctx, tx, o.Slug); {
		case err == nil:
			return fault.Conflict
		case !errors.Is(err, fault.NotFound):
			return err
		}
		o.Facts = nil
		if _, err := saveOption(ctx, tx, o, nil, member); err != nil {
			return err
		}
		return recordOption(ctx, tx, member, staff.OptionAdded, o.Slug)
	})
}

// ChangeOption changes the name, the kind and the homepage of an option, as a member saw them, and makes the new edition of each
// guide that compares it. It returns fault.Conflict if they are others now, unless they are those that the member wants.
func (db *DB) ChangeOption(ctx context.Context, seen string, o guide.Option, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		now, err := oneOption(ctx, tx, o.Slug)
		if err != nil {
			return err
		}
		o.Retired, o.Facts = now.Retired, nil
		switch is, err := now.HeadDigest(); {
		case err != nil:
			return err
		case says(now, o):
			return nil
		case is != seen:
			return fault.Conflict
		}
		if _, err := saveOption(ctx, tx, o, now.Facts, member); err != nil {
			return err
		}
		return recordOption(ctx, tx, member, staff.OptionChanged, o.Slug)
	})
}

// RetireOption has visitors no longer see the option, or see it again. It returns fault.Invalid while a guide uses the option.
func (db *DB) RetireOption(ctx context.Context, slug string, retire bool, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		o, err := oneOption(ctx, tx, slug)
		if err != nil || o.Retired == retire {
			return err
		}
		act := staff.OptionUnretired
		if retire {
			act = staff.OptionRetired
		}
		if err := retireOption(ctx, tx, o, retire); err != nil {
			return err
		}
		return recordOption(ctx, tx, member, act, slug)
	})
}

// retireOption retires the option or brings it back, unless it is so already. It returns fault.Invalid if a guide uses an option
// that is to be retired.
func retireOption(ctx context.Context, tx pgx.Tx, o guide.Option, retire bool) error {
	if o.Retired == retire {
		return nil
	}
	if retire {
		if err := refuseIfUsed(ctx, tx, o); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE options SET retired_at = CASE WHEN @retire THEN clock() END WHERE slug = @slug`,
		pgx.StrictNamedArgs{"retire": retire, "slug": o.Slug})
	if err != nil {
		return fmt.Errorf("option %s: %w", o.Slug, err)
	}
	o.Facts, o.Retired = nil, retire
	_, err = saveOption(ctx, tx, o, nil, CommandLine) // which has a search find it or not
	return err
}

// refuseIfUsed returns fault.Invalid with the guides that compare the option, published ones and drafts, if there are any. It
// reads the documents of drafts only: what published guides compare is in guide_options.
func refuseIfUsed(ctx context.Context, tx pgx.Tx, o guide.Option) error {
	rows, _ := tx.Query(ctx, `
		SELECT g.slug
		FROM guides g
		LEFT JOIN LATERAL (
			SELECT number, document FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1
		) latest ON latest.number IS DISTINCT FROM g.published
		WHERE NOT EXISTS (SELECT FROM former_slugs f WHERE f.slug = g.slug AND f.guide_id <> g.id)
		  AND (EXISTS (
			SELECT FROM guide_options c JOIN options o ON o.id = c.option_id WHERE c.guide_id = g.id AND o.slug = $1)
		  OR (latest.document->'options')::jsonb ? $1
		  OR EXISTS (SELECT FROM draft_sections d WHERE d.guide_id = g.id AND (d.document->'options')::jsonb ? $1))
		ORDER BY g.slug`, o.Slug)
	guides, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(guides) == 0 {
		return err
	}
	return fault.Invalid{{Name: "retire", Message: fmt.Sprintf("%s is used by %s. Remove it there first.", o.Name,
		strings.Join(guides, ", "))}}
}
