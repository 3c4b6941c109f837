package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// DeleteGuide removes a guide that was never published, with its draft, its revisions and its addresses. It returns
// fault.Conflict if the guide is not what the member saw any more.
func (db *DB) DeleteGuide(ctx context.Context, slug string, member int64, seen string) (err error) {
	defer wrap(&err, "delete %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if !d.Deletable() || d.StateDigest() != seen {
			return fault.Conflict
		}
		for _, sql := range []string{
			`DELETE FROM draft_sections WHERE guide_id = $1`,
			`DELETE FROM guide_schedules WHERE guide_id = $1`,
			`DELETE FROM former_slugs WHERE guide_id = $1`,
			`DELETE FROM revisions WHERE guide_id = $1`,
			`DELETE FROM guides WHERE id = $1`,
		} {
			if _, err := tx.Exec(ctx, sql, d.saved.ID); err != nil {
				return err
			}
		}
		return record(ctx, tx, member, staff.GuideDeleted, d.saved.ID)
	})
}

// Deletable reports that visitors never saw the guide, and that no other guide has taken its address.
func (d Draft) Deletable() bool { return d.Live == nil && !d.Unpublished && d.RedirectsTo == "" }
