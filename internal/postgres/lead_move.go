package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// MoveLead takes a lead from one status to another for a member. It is fault.Conflict if the lead has left the status
// that the member saw. The first move out of new stops the clock, at the database's time. A lost lead gives its place to
// the oldest waiting; one that is taken up again waits for a place by its arrival.
func (db *DB) MoveLead(ctx context.Context, reference string, from, to lead.Status, member int64) error {
	if !from.MayMove(to) {
		return fmt.Errorf("from %s to %s: %w", from, to, fault.Forbidden)
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var id int64
		err := tx.QueryRow(ctx, `
			UPDATE leads
			SET status = $3, answered_at = coalesce(answered_at, clock())
			WHERE reference = $1 AND status = $2
			RETURNING id`, reference, from, to).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("lead %s is not %s any more: %w", reference, from, fault.Conflict)
		}
		if err != nil {
			return fmt.Errorf("lead %s: %w", reference, err)
		}
		if err := addHistory(ctx, tx, id, lead.Moved, to, member); err != nil {
			return err
		}
		switch {
		case to == lead.Lost:
			err = releasePlace(ctx, tx, id)
		case from == lead.Lost:
			_, err = tx.Exec(ctx, `UPDATE leads SET place = 'waitlist' WHERE id = $1 AND NOT suspect`, id)
		default:
			return nil
		}
		if err != nil {
			return err
		}
		return db.settlePlaces(ctx, tx, 0)
	})
}
