package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// ChangePromise puts another promise in place of the one that the member saw. It returns fault.Conflict if that one has changed
// meanwhile. What was promised before stands: a lead keeps its time, a place that is taken stays, and this month has at
// least as many places as are taken.
func (db *DB) ChangePromise(ctx context.Context, saw, next lead.Promise, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		now, err := lockPromise(ctx, tx)
		if err != nil {
			return err
		}
		if now != saw {
			return fmt.Errorf("the promise is not what the member saw: %w", fault.Conflict)
		}
		return db.replacePromise(ctx, tx, next, member)
	})
}

// lockPromise returns the promise and keeps others from changing it, or from giving places by it, until the commit.
func lockPromise(ctx context.Context, tx pgx.Tx) (p lead.Promise, err error) {
	if err := lockPlaces(ctx, tx); err != nil {
		return p, err
	}
	rows, _ := tx.Query(ctx, selectPromise+` FOR NO KEY UPDATE`)
	p, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lead.Promise])
	if err != nil {
		return p, fmt.Errorf("promise: %w", err)
	}
	return p, nil
}

// replacePromise puts another promise in place of the one that lockPromise returned.
func (db *DB) replacePromise(ctx context.Context, tx pgx.Tx, next lead.Promise, member int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE promise
		SET (`+promiseColumns+`) = (@hours, @answer, @places, @unlimited, @zone, @won, @lost, @withdrawn, @suspect)`,
		pgx.StrictNamedArgs{
			"hours": next.ReplyHours, "answer": next.AnswerHours, "places": next.Places,
			"unlimited": next.Unlimited, "zone": next.TimeZone,
			"won": next.Keep.Won, "lost": next.Keep.Lost, "withdrawn": next.Keep.Withdrawn, "suspect": next.Keep.Suspect,
		})
	if err != nil {
		return fmt.Errorf("promise: %w", err)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO promise_changes (member_id, `+promiseColumns+`) SELECT @member, `+promiseColumns+` FROM promise`,
		pgx.StrictNamedArgs{"member": member})
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
	if err := db.settlePlaces(ctx, tx); err != nil {
		return err
	}
	return bumpVersion(ctx, tx)
}

const promiseColumns = `reply_hours, answer_hours, places, unlimited, time_zone, keep_won, keep_lost, keep_withdrawn, keep_suspect`

const selectPromise = `
	SELECT reply_hours, answer_hours, places, unlimited, time_zone, jsonb_build_object(
		'Won', keep_won, 'Lost', keep_lost, 'Withdrawn', keep_withdrawn, 'Suspect', keep_suspect) AS keep
	FROM promise`

func readPromise(b *pgx.Batch, p *lead.Promise) { readRow(b, p, "promise", selectPromise, nil) }
