package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// ConfirmGuide publishes what the guide says once more, for a member who read it again after facts changed: nothing of it is
// under review any more. It returns fault.Conflict if the guide shows another edition than the member saw, and fault.Invalid if
// it has a draft, which a newer revision would hide.
func (db *DB) ConfirmGuide(ctx context.Context, slug, seen string, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "guide %s", slug)
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		var edition string
		err = tx.QueryRow(ctx, `SELECT edition FROM guides WHERE slug = $1 AND edition IS NOT NULL`, slug).Scan(&edition)
		if err != nil {
			return err
		}
		now, err := savedGuide(ctx, tx, guide.Guide{Slug: slug})
		switch {
		case err != nil:
			return err
		case len(now.UnderReview) == 0: // someone else did it
			return nil
		case edition != seen:
			return fault.Conflict
		case now.Latest != now.Published:
			return fault.Invalid{{Name: "guide", Message: "This guide has a draft. Publish the draft, or discard it first."}}
		}
		var g guide.Guide
		if err := json.Unmarshal(now.Public, &g); err != nil {
			return err
		}
		now, revision, err := addRevision(ctx, tx, now, g, now.Public, member)
		if err != nil {
			return err
		}
		if err := publishRevision(ctx, tx, now, revision, g); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideConfirmed, now.ID)
	})
}
