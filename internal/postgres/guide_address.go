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

// rename has the guide stand under another slug. Its history, its editions and the old slug stay its own.
func rename(ctx context.Context, tx pgx.Tx, id int64, to string) error {
	if _, err := tx.Exec(ctx, `UPDATE guides SET slug = $2 WHERE id = $1`, id, to); err != nil {
		return fmt.Errorf("rename: %w", mapError(err))
	}
	return nil
}

// redirectsTo returns the slug of the guide that a former slug redirects to; "" if the slug is not a former one.
func redirectsTo(ctx context.Context, tx pgx.Tx, former string) (slug string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT g.slug FROM former_slugs f JOIN guides g ON g.id = f.guide_id WHERE f.slug = $1`, former).Scan(&slug)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return slug, err
}

// freeSlugs frees the old slugs that lead to the guides and that their files no longer list, and returns them by guide. A
// guide that was retired under one of them can then be imported again.
func freeSlugs(ctx context.Context, tx pgx.Tx, guides []guide.Guide) (map[string][]string, error) {
	free := map[string][]string{}
	for _, g := range guides {
		now, err := savedGuide(ctx, tx, g)
		if err != nil {
			return nil, err
		}
		rows, _ := tx.Query(ctx, `DELETE FROM former_slugs WHERE guide_id = $1 AND slug <> ALL ($2) RETURNING slug`,
			now.ID, append([]string{g.Slug}, g.Formerly...))
		if free[g.Slug], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, err
		}
		if len(free[g.Slug]) > 0 {
			if err := bumpVersion(ctx, tx); err != nil {
				return nil, err
			}
		}
	}
	return free, nil
}

// moveHere has the guide's own slug lead nowhere else and the old slugs lead to the guide. A guide that still stands under
// one of them gives way.
func moveHere(ctx context.Context, tx pgx.Tx, id int64, g guide.Guide) error {
	formerly := g.Formerly
	if _, err := tx.Exec(ctx, `DELETE FROM former_slugs WHERE slug = $1`, g.Slug); err != nil {
		return err
	}
	if len(formerly) == 0 {
		return nil
	}
	if err := handedOn(ctx, tx, id, g); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO former_slugs (slug, guide_id) SELECT unnest($2::text[]), $1
		ON CONFLICT (slug) DO UPDATE SET guide_id = excluded.guide_id`, id, formerly)
	if err != nil {
		return fmt.Errorf("former slugs: %w", err)
	}
	return unpublish(ctx, tx, `slug = ANY ($1) AND id <> $2`, formerly, id)
}

// unpublish has visitors neither read nor find the guides of the condition. Their revisions and editions stay.
func unpublish(ctx context.Context, tx pgx.Tx, condition string, args ...any) error {
	_, err := tx.Exec(ctx, `
		WITH retired AS (
			UPDATE guides SET published = NULL, edition = NULL, indexed = '' WHERE `+condition+` RETURNING id
		), unfound AS (
			DELETE FROM search_entries WHERE guide_id IN (SELECT id FROM retired)
		)
		DELETE FROM guide_options WHERE guide_id IN (SELECT id FROM retired)`, args...)
	return err
}

// handedOn returns fault.Invalid if the guide takes the place of one that has old slugs of its own and does not list them:
// links to them would be lost.
func handedOn(ctx context.Context, tx pgx.Tx, id int64, g guide.Guide) error {
	rows, _ := tx.Query(ctx, `
		SELECT f.slug FROM former_slugs f JOIN guides g ON g.id = f.guide_id
		WHERE g.slug = ANY ($2) AND g.id <> $1 AND f.slug <> ALL ($2)
		ORDER BY f.slug`, id, g.Formerly)
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(missing) == 0 {
		return err
	}
	return fault.Invalid{{Name: "guide " + g.Slug, Message: "add " + strings.Join(missing, ", ") +
		" to formerly: links to a guide that this one replaces still use it"}}
}

// sameAsSaved reports whether the document says what the latest revision says. An export also lists the slugs that have come to
// lead to the guide since, which changes nothing.
func sameAsSaved(ctx context.Context, tx pgx.Tx, now saved, document []byte) (bool, error) {
	if now.ID == 0 || string(now.Document) == string(document) {
		return now.ID != 0, nil
	}
	var was guide.Guide
	if err := json.Unmarshal(now.Document, &was); err != nil {
		return false, err
	}
	rows, _ := tx.Query(ctx, `SELECT slug FROM former_slugs WHERE guide_id = $1 AND slug <> ALL ($2) ORDER BY slug`,
		now.ID, append([]string{}, was.Formerly...))
	since, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(since) == 0 {
		return false, err
	}
	was.Formerly = append(was.Formerly, since...)
	exported, err := json.Marshal(was)
	return string(exported) == string(document), err
}

// GuideNow returns the present slug of a guide that was asked for by an old slug, or by its options in another order:
// "fastapi-vs-django" is django-vs-fastapi. It returns fault.NotFound if no guide matches.
func (db *DB) GuideNow(ctx context.Context, slug string) (now string, err error) {
	defer wrap(&err, "guide now")
	err = db.pool.QueryRow(ctx, `
		SELECT g.slug FROM former_slugs f JOIN guides g ON g.id = f.guide_id
		WHERE f.slug = $1 AND g.edition IS NOT NULL`, slug).Scan(&now)
	if options := strings.Split(slug, "-vs-"); errors.Is(err, pgx.ErrNoRows) && len(options) > 1 {
		slices.Sort(options)
		err = db.pool.QueryRow(ctx, `
			SELECT g.slug
			FROM guides g
			JOIN guide_options here ON here.guide_id = g.id AND here.option_id = (SELECT id FROM options WHERE slug = $2)
			WHERE g.edition IS NOT NULL AND $1 = (
				SELECT array_agg(o.slug ORDER BY o.slug COLLATE "C")
				FROM guide_options c JOIN options o ON o.id = c.option_id
				WHERE c.guide_id = g.id)
			ORDER BY g.slug
			LIMIT 1`, options, options[0]).Scan(&now)
	}
	if err == nil && now == slug {
		err = fault.NotFound // it stands where it was not found a moment ago
	}
	return now, err
}
