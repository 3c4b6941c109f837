package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Sweep does what is due by time; every instance calls it each minute, and what is done already is left alone. It publishes
// guides that are scheduled, reminds staff of leads and follow-ups, tells them of new suspects once a day, lets a new month take
// over the waitlist, deletes what was kept long enough and writes the search words of older leads anew. A step that fails does
// not stop the others. While the clock may be wrong nothing is deleted.
func (db *DB) Sweep(ctx context.Context) error {
	var failed []error
	step := func(name string, err error) {
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", name, err))
		}
	}
	step("scheduled guides", db.publishDue(ctx)) // first: nothing else may make them late
	step("reminders", db.inTx(ctx, func(tx pgx.Tx) error { return db.remind(ctx, tx) }))
	step("follow-ups", db.inTx(ctx, func(tx pgx.Tx) error { return db.remindOfFollowUps(ctx, tx) }))
	step("suspects", db.inTx(ctx, func(tx pgx.Tx) error { return db.tellOfSuspects(ctx, tx) }))
	step("places", db.inTx(ctx, func(tx pgx.Tx) error { return db.settlePlaces(ctx, tx) }))
	step("words of leads", db.foldLeads(ctx))
	until, err := db.DeletionWaits(ctx)
	step("clock", err)
	if err == nil && until.IsZero() {
		_, err = db.EraseExpired(ctx)
		step("retention", err)
		step("clearing up", db.clearUp(ctx))
	}
	return errors.Join(failed...)
}

// clearUp deletes what is kept for an hour, some days or some months: whom we confirmed something to, from which network a lead
// came, failed sign-ins, unfinished sign-ins, mails about accounts, emails that no lead claims, unanswered invitations and which
// comparisons were looked for.
func (db *DB) clearUp(ctx context.Context) error {
	var failed []error
	for _, sql := range []string{
		`DELETE FROM confirmations WHERE at <= clock() - interval '24 hours'`,
		`UPDATE leads SET client_digest = NULL WHERE client_digest IS NOT NULL AND received_at <= clock() - interval '2 days'`,
		`DELETE FROM throttle_attempts WHERE at <= clock() - interval '1 hour'`,
		`DELETE FROM sessions WHERE mfa_pending_until <= clock()`,
		`DELETE FROM authenticators WHERE confirmed_at IS NULL AND made_at <= clock() - interval '1 hour'`,
		`DELETE FROM spent_challenges WHERE at <= clock() - interval '2 hours'`,
		`DELETE FROM member_browsers WHERE seen_at <= clock() - interval '1 year'`,
		`DELETE FROM messages m USING promise p
		 WHERE m.lead_id IS NULL AND p.keep_suspect > 0 AND m.at <= clock() - make_interval(days => p.keep_suspect)`,
		`DELETE FROM deliveries WHERE browser IS NOT NULL AND lead_id IS NULL AND made_at <= clock() - interval '30 days'`,
	} {
		_, err := db.pool.Exec(ctx, sql)
		failed = append(failed, mapError(err))
	}
	_, err := db.pool.Exec(ctx, `
		DELETE FROM invitation_contents c USING invitations i
		WHERE i.id = c.invitation_id AND i.made_at <= clock() - $1::interval - interval '30 days'`, staff.InvitationLimit)
	failed = append(failed, mapError(err))
	_, err = db.pool.Exec(ctx, `DELETE FROM missing_comparisons WHERE day < (`+siteToday+`) - $1::integer`, guide.KeepMissing)
	return errors.Join(append(failed, mapError(err))...)
}

// remind marks each lead that needs an answer with the last mark of its time that has passed, and tells staff if it is a new one.
// After a long stop only the mark that still tells the truth is told.
func (db *DB) remind(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `
		WITH passed AS (
			SELECT l.id, mark
			FROM leads l, LATERAL (
				SELECT CASE WHEN l.awaiting_since IS NULL THEN `+repliesCountFrom+` ELSE `+answersCountFrom+` END AS counted_from,
				       `+runningDue+` AS due
			) clocks, LATERAL (
				SELECT clocks.counted_from + `+withdrawnSince(`clocks.counted_from`)+` AS began
			) moved, LATERAL (
				SELECT max(percent) AS mark FROM unnest(ARRAY[75, 92, 100]) AS percent
				WHERE clock() >= began + (due - began) * percent / 100
			) marks
			WHERE `+needsAnswer+` AND mark > l.reminded
			FOR NO KEY UPDATE OF l SKIP LOCKED
		)
		UPDATE leads l SET reminded = mark FROM passed WHERE l.id = passed.id
		RETURNING l.id, mark`, pgx.StrictNamedArgs{"withdrew": lead.Withdrew, "resumed": lead.Resumed})
	type reminded struct {
		ID   int64
		Mark int
	}
	leads, err := pgx.CollectRows(rows, pgx.RowToStructByName[reminded])
	if err != nil {
		return err
	}
	var overdue, others []int64
	for _, l := range leads {
		if l.Mark == 100 {
			overdue = append(overdue, l.ID)
		} else {
			others = append(others, l.ID)
		}
	}
	if err := db.announceEach(ctx, tx, lead.OverdueMail, overdue); err != nil {
		return err
	}
	return db.announceEach(ctx, tx, lead.ReminderMail, others)
}
