package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// UnpublishGuide has visitors no longer see the guide. Its address and its former ones then lead to another published guide, or
// say that it is gone for "". The draft stays, and what was scheduled is cancelled. It returns fault.Conflict if the draft, what
// is published or the schedule is not what the member saw.
func (db *DB) UnpublishGuide(ctx context.Context, slug, to string, member int64, seen string) (err error) {
	defer wrap(&err, "unpublish %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.Live == nil && d.RedirectsTo == to {
			return nil // someone was first, or pressed twice
		}
		if d.StateDigest() != seen || d.Live == nil {
			return fault.Conflict
		}
		if err := leadElsewhere(ctx, tx, d, to); err != nil {
			return err
		}
		if err := unpublish(ctx, tx, `id = $1`, d.saved.ID); err != nil {
			return err
		}
		if _, err := dropSchedule(ctx, tx, d); err != nil {
			return err
		}
		if err := bumpVersion(ctx, tx); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideUnpublished, d.saved.ID)
	})
}

// leadElsewhere has all addresses of the guide lead to another one, in one step.
func leadElsewhere(ctx context.Context, tx pgx.Tx, d Draft, to string) error {
	if to == "" {
		return nil
	}
	var other int64
	err := tx.QueryRow(ctx, `SELECT id FROM guides WHERE slug = $1 AND edition IS NOT NULL AND id <> $2`, to, d.saved.ID).
		Scan(&other)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Invalid{{Name: "to", Message: "This guide is not published any more. Choose another one."}}
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO former_slugs (slug, guide_id)
		SELECT slug, @other::bigint FROM former_slugs WHERE guide_id = @guide
		UNION SELECT @slug, @other
		ON CONFLICT (slug) DO UPDATE SET guide_id = excluded.guide_id`,
		pgx.StrictNamedArgs{"other": other, "guide": d.saved.ID, "slug": d.Slug})
	return err
}

// GoneGuide is a guide that is not published any more.
type GoneGuide struct {
	Title   string
	Nearest []GuideName // guides that compare some of its options, those that share most first
}

// GoneGuide returns the guide that was published at the slug, or that a former slug led to. It returns fault.NotFound if there
// never was one, or one is published there now.
func (db *DB) GoneGuide(ctx context.Context, slug string) (gone GoneGuide, err error) {
	defer wrap(&err, "gone guide")
	var last guide.Guide
	err = db.pool.QueryRow(ctx, `
		SELECT e.document->'guide'
		FROM guides g
		JOIN editions e ON e.guide_id = g.id
		WHERE g.edition IS NULL
		  AND (g.slug = $1 OR g.id = (SELECT guide_id FROM former_slugs WHERE slug = $1))
		ORDER BY e.number DESC
		LIMIT 1`, slug).Scan(&last)
	if err != nil {
		return gone, err
	}
	gone.Title = last.Title
	gone.Nearest, err = db.RelatedGuides(ctx, Draft{Slug: slug, Guide: last})
	return gone, err
}
