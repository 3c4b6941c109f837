package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// Withdraw closes the lead whose receipt has the token, at the prospect's wish, gives its place to the oldest waiting and
// tells staff. A lead that is withdrawn already stays so. It returns fault.Conflict for a lead that is closed otherwise.
func (db *DB) Withdraw(ctx context.Context, token string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := lockOpenLead(ctx, tx, token)
		if h.Status == lead.Withdrawn {
			return nil
		}
		if err != nil {
			return err
		}
		if err := releasePlace(ctx, tx, h.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE leads SET status = 'withdrawn' WHERE id = $1`, h.ID); err != nil {
			return fmt.Errorf("lead %d: %w", h.ID, err)
		}
		if err := addHistory(ctx, tx, h.ID, lead.Withdrew, lead.Withdrawn, byNoStaff); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, h.ID, lead.WithdrawnMail); err != nil {
			return err
		}
		return db.settlePlaces(ctx, tx)
	})
}
