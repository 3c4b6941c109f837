package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Sweep does what time brings, on every instance each minute: it reminds staff of leads whose promised time draws near or
// is over, tells them of new suspects once a day, has a new month take over the waitlist, erases once a day what was kept long enough, and forgets whom it confirmed
// something to a day ago, and whom it invited in vain or told of their account a month ago. Whatever it finds done is left as it
// is.
func (db *DB) Sweep(ctx context.Context) error {
	if err := db.inTx(ctx, func(tx pgx.Tx) error { return db.remind(ctx, tx) }); err != nil {
		return fmt.Errorf("reminders: %w", err)
	}
	if err := db.inTx(ctx, func(tx pgx.Tx) error { return db.tellOfSuspects(ctx, tx) }); err != nil {
		return fmt.Errorf("suspects: %w", err)
	}
	if err := db.inTx(ctx, func(tx pgx.Tx) error { return db.settlePlaces(ctx, tx, 0) }); err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if _, err := db.Retire(ctx); err != nil {
		return fmt.Errorf("retention: %w", err)
	}
	for _, sql := range []string{
		`DELETE FROM confirmations WHERE at <= clock() - interval '24 hours'`,
		`DELETE FROM sign_in_failures WHERE at <= clock() - interval '1 hour'`,
		`DELETE FROM half_sessions WHERE made_at <= clock() - interval '1 hour'`,
		`DELETE FROM authenticators WHERE confirmed_at IS NULL AND made_at <= clock() - interval '1 hour'`,
		`DELETE FROM spent_challenges WHERE at <= clock() - interval '2 hours'`,
		`DELETE FROM notices WHERE made_at <= clock() - interval '30 days'`,
	} {
		if _, err := db.pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("clearing up: %w", kind(err))
		}
	}
	_, err := db.pool.Exec(ctx, `
		DELETE FROM invitation_contents c USING invitations i
		WHERE i.id = c.invitation_id AND i.made_at <= clock() - $1::interval - interval '30 days'`, staff.InvitationLimit)
	return kind(err)
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
