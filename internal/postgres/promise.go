package postgres

import (
	"context"
	"fmt"
	"strings"

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
			UPDATE promise SET (`+promiseColumns+`) = (`+promiseArgs("next_")+`)
			WHERE (`+promiseColumns+`) = (`+promiseArgs("saw_")+`)`, argsOf("saw_", saw, argsOf("next_", next, pgx.StrictNamedArgs{})))
		if err != nil {
			return fmt.Errorf("promise: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("the promise is not what the member saw: %w", fault.Conflict)
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
		if err := db.settlePlaces(ctx, tx, 0); err != nil {
			return err
		}
		return bumpVersion(ctx, tx)
	})
}

const promiseColumns = `reply_hours, places, unlimited, time_zone, keep_won, keep_lost, keep_withdrawn, keep_suspect`

// promiseArgs are the arguments of the columns: each is called as its column, after the prefix.
func promiseArgs(prefix string) string {
	return "@" + prefix + strings.ReplaceAll(promiseColumns, ", ", ", @"+prefix)
}

// argsOf adds the columns of a promise to the arguments.
func argsOf(prefix string, p lead.Promise, args pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args[prefix+"reply_hours"], args[prefix+"places"] = p.ReplyHours, p.Places
	args[prefix+"unlimited"], args[prefix+"time_zone"] = p.Unlimited, p.TimeZone
	args[prefix+"keep_won"], args[prefix+"keep_lost"] = p.Keep.Won, p.Keep.Lost
	args[prefix+"keep_withdrawn"], args[prefix+"keep_suspect"] = p.Keep.Withdrawn, p.Keep.Suspect
	return args
}

// promiseRow is a row of the promise.
type promiseRow struct {
	ReplyHours, Places                            int
	Unlimited                                     bool
	TimeZone                                      string
	KeepWon, KeepLost, KeepWithdrawn, KeepSuspect int
}

func readPromise(b *pgx.Batch, p *lead.Promise) {
	take := func(rows []promiseRow) error {
		var r promiseRow
		if err := first(&r, pgx.ErrNoRows)(rows); err != nil {
			return err
		}
		*p = lead.Promise{
			ReplyHours: r.ReplyHours, Places: r.Places, Unlimited: r.Unlimited, TimeZone: r.TimeZone,
			Keep: lead.Retention{Won: r.KeepWon, Lost: r.KeepLost, Withdrawn: r.KeepWithdrawn, Suspect: r.KeepSuspect},
		}
		return nil
	}
	queueRows(b, "promise", pgx.RowToStructByName[promiseRow], take, `SELECT `+promiseColumns+` FROM promise`, nil)
}
