package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// CorrectEmail replaces the prospect's email address for a member, and has the failed mails to them tried again. It is
// fault.Conflict if something happened that the member has not seen, and fault.NotFound for an erased lead.
func (db *DB) CorrectEmail(ctx context.Context, a lead.Act, address string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := holdSeen(ctx, tx, a)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE lead_contents SET email = $2 WHERE lead_id = $1`, h.id, address)
		if err != nil {
			return fmt.Errorf("email of lead %d: %w", h.id, err)
		}
		if tag.RowsAffected() == 0 {
			return fault.NotFound
		}
		if err := record(ctx, tx, a.Member, staff.EmailCorrected, h.id); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			UPDATE deliveries SET state = 'waiting', ended_at = NULL, acknowledged_at = NULL
			WHERE lead_id = $1 AND state = 'failed' AND kind = ANY ($2)
			RETURNING id`, h.id, lead.ProspectMails)
		failed, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return fmt.Errorf("mails of lead %d: %w", h.id, err)
		}
		for _, id := range failed {
			if err := db.hurry(ctx, tx, id, true); err != nil {
				return err
			}
		}
		return nil
	})
}
