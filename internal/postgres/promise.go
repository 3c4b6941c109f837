package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// ChangePromise puts another promise in place of the one that the member saw; fault.Conflict if that one has changed
// meanwhile. What was promised before stands: a lead keeps its time, a place that is taken stays, and this month has at
// least as many places as are taken.
func (db *DB) ChangePromise(ctx context.Context, saw, next lead.Promise, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			UPDATE promise SET (`+promiseColumns+`) = ($9, $10, $11, $12, $13, $14, $15, $16)
			WHERE (`+promiseColumns+`) = ($1, $2, $3, $4, $5, $6, $7, $8)`, append(columnsOf(saw), columnsOf(next)...)...)
		if err != nil {
			return fmt.Errorf("promise: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("the promise is not what the member saw: %w", fault.Conflict)
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO promise_changes (member_id, `+promiseColumns+`) SELECT $1, `+promiseColumns+` FROM promise`, member)
		if err != nil {
			return fmt.Errorf("promise: %w", err)
		}
		if err := record(ctx, tx, member, staff.PromiseChanged, 0); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE months SET capacity = CASE WHEN NOT p.unlimited THEN greatest(p.places, taken) END
			FROM promise p WHERE month >= site_month()`)
		if err != nil {
			return fmt.Errorf("places: %w", err)
		}
		if err := db.settlePlaces(ctx, tx, 0); err != nil {
			return err
		}
		return bumpVersion(ctx, tx)
	})
}

const promiseColumns = `reply_hours, places, unlimited, time_zone, keep_won, keep_lost, keep_withdrawn, keep_suspect`

func columnsOf(p lead.Promise) []any {
	return []any{p.ReplyHours, p.Places, p.Unlimited, p.TimeZone, p.Keep.Won, p.Keep.Lost, p.Keep.Withdrawn, p.Keep.Suspect}
}
