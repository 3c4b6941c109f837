package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Sweep does what time brings, on every instance each minute: it reminds staff of leads whose promised time draws near or
// is over, has a new month take over the waitlist, erases once a day what was kept long enough, and forgets whom it confirmed
// something to a day ago, and whom it invited in vain or told of their account a month ago. Whatever it finds done is left as it
// is. A step that fails does not stop the others.
func (db *DB) Sweep(ctx context.Context) error {
	var failed []error
	step := func(name string, err error) {
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
		}
	}
	step("reminders", db.inTx(ctx, func(tx pgx.Tx) error { return db.remind(ctx, tx) }))
	step("places", db.inTx(ctx, func(tx pgx.Tx) error { return db.settlePlaces(ctx, tx, 0) }))
	_, err := db.Retire(ctx)
	step("retention", err)
	for _, sql := range []string{
		`DELETE FROM confirmations WHERE at <= clock() - interval '24 hours'`,
		`DELETE FROM sign_in_failures WHERE at <= clock() - interval '1 hour'`,
		`DELETE FROM half_sessions WHERE made_at <= clock() - interval '1 hour'`,
		`DELETE FROM authenticators WHERE confirmed_at IS NULL AND made_at <= clock() - interval '1 hour'`,
		`DELETE FROM spent_challenges WHERE at <= clock() - interval '2 hours'`,
		`DELETE FROM notices WHERE made_at <= clock() - interval '30 days'`,
	} {
		_, err := db.pool.Exec(ctx, sql)
		step("clearing up", kind(err))
	}
	_, err = db.pool.Exec(ctx, `
		DELETE FROM invitation_contents c USING invitations i
		WHERE i.id = c.invitation_id AND i.made_at <= clock() - $1::interval - interval '30 days'`, staff.InvitationLimit)
	step("clearing up", kind(err))
	return errors.Join(failed...)
}

// remind marks each unanswered lead with the last mark of its time that has passed, and tells staff if it is a new one.
// After a long stop only the mark that still tells the truth is told.
func (db *DB) remind(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		WITH passed AS (
			SELECT id, mark
			FROM leads, LATERAL (
				SELECT max(percent) AS mark FROM unnest(ARRAY[75, 92, 100]) AS percent
				WHERE clock() >= received_at + (due_at - received_at) * percent / 100
			) marks
			WHERE status = 'new' AND answered_at IS NULL AND NOT suspect AND mark > reminded
			FOR NO KEY UPDATE OF leads SKIP LOCKED
		)
		UPDATE leads l SET reminded = mark FROM passed WHERE l.id = passed.id
		RETURNING l.id, mark`)
	type reminded struct {
		ID   int64
		Mark int
	}
	leads, err := pgx.CollectRows(rows, pgx.RowToStructByPos[reminded])
	if err != nil {
		return err
	}
	for _, l := range leads {
		mail := lead.ReminderMail
		if l.Mark == 100 {
			mail = lead.OverdueMail
		}
		if err := db.announce(ctx, tx, l.ID, mail); err != nil {
			return err
		}
	}
	return nil
}
