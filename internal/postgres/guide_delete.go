package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// DeleteGuide removes a guide that was never published, with its draft and its revisions. It returns fault.Conflict if the draft
// is not what the member saw any more or visitors could read the guide once.
func (db *DB) DeleteGuide(ctx context.Context, slug string, member int64, seen string) (err error) {
	defer wrap(&err, "delete %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		var shown bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM editions WHERE guide_id = $1)`, d.saved.ID).Scan(&shown)
		if err != nil {
			return err
		}
		if shown || d.Seen() != seen {
			return fault.Conflict
		}
		if err := dropSections(ctx, tx, d, ""); err != nil {
			return err
		}
		if err := deleteRevisions(ctx, tx, d.saved.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM guides WHERE id = $1`, d.saved.ID); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideDeleted, d.saved.ID)
	})
}

// deleteRevisions removes the revisions of a guide that nobody could read. Those that visitors could are kept for good, so the
// table allows it only here.
func deleteRevisions(ctx context.Context, tx pgx.Tx, guide int64) error {
	if _, err := tx.Exec(ctx, `ALTER TABLE revisions DISABLE TRIGGER revisions_append_only`); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM revisions WHERE guide_id = $1`, guide); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `ALTER TABLE revisions ENABLE TRIGGER revisions_append_only`)
	return err
}
