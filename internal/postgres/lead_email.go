package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// CorrectEmail replaces the prospect's email address for a member, and has the failed mails to them tried again. It returns
// fault.Conflict if something happened that the member has not seen, and fault.NotFound for an erased lead.
func (db *DB) CorrectEmail(ctx context.Context, a lead.Act, address string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockSeenLead(ctx, tx, a)
		if err != nil {
			return err
		}
		if err := execOne(ctx, tx, `UPDATE lead_contents SET email = $2 WHERE lead_id = $1`, h.ID, address); err != nil {
			return fmt.Errorf("email of lead %d: %w", h.ID, err)
		}
		if err := record(ctx, tx, a.Member, staff.EmailCorrected, h.ID); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			UPDATE deliveries SET state = 'waiting', ended_at = NULL, acknowledged_at = NULL
			WHERE lead_id = $1 AND state = 'failed' AND kind = ANY ($2)
			RETURNING id`, h.ID, lead.ProspectMails)
		failed, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("mails of lead %d: %w", h.ID, err)
		}
		for _, id := range failed {
			if err := db.bringForward(ctx, tx, id, true); err != nil {
				return err
			}
		}
		return nil
	})
}
