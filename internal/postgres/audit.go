package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// record writes what a member did into the audit. It runs in the transaction of the act, so that neither is stored without the
// other.
func record(ctx context.Context, tx pgx.Tx, member int64, kind staff.ActKind, id int64) (err error) {
	defer wrap(&err, "audit of %s", kind)
	_, err = tx.Exec(ctx, `
		INSERT INTO audit (member_id, kind, object, object_id) VALUES (nullif(@member, 0), @kind, @object, nullif(@id, 0))`,
		pgx.StrictNamedArgs{"member": member, "kind": kind, "object": kind.Object(), "id": id})
	return err
}

// RecordView records that a member is about to see the lead. It returns fault.NotFound for an unknown reference, and
// fault.Unavailable for any other failure: a view that cannot be recorded is not shown.
func (db *DB) RecordView(ctx context.Context, member int64, reference string) error {
	_, err := db.recordView(ctx, member, reference)
	return err
}

// recordView is RecordView, and returns the email address of the prospect, "" of an erased lead.
func (db *DB) recordView(ctx context.Context, member int64, reference string) (email string, err error) {
	err = db.pool.QueryRow(ctx, `
		WITH viewed AS (
			INSERT INTO audit (member_id, kind, object, object_id)
			SELECT @member, @kind, @object, id FROM leads WHERE reference = @reference
			RETURNING object_id
		)
		SELECT coalesce(c.email, '') FROM viewed v LEFT JOIN lead_contents c ON c.lead_id = v.object_id`,
		pgx.StrictNamedArgs{
			"member": member, "kind": staff.LeadViewed, "object": staff.LeadViewed.Object(), "reference": reference,
		}).Scan(&email)
	return email, unrecorded(mapError(err))
}

// RecordList writes that a member, or the command line, is about to be shown or sent a list. Its failure is fault.Unavailable.
func (db *DB) RecordList(ctx context.Context, member int64, kind staff.ActKind) error {
	return db.send(ctx, pgx.TxOptions{}, func(b *pgx.Batch) { queueRecord(b, member, kind) })
}

// queueRecord queues the entry of an act that is about nothing in particular. Its failure is fault.Unavailable.
func queueRecord(b *pgx.Batch, member int64, act staff.ActKind) {
	b.Queue(`INSERT INTO audit (member_id, kind, object) VALUES (nullif(@member, 0), @kind, @object)`,
		pgx.StrictNamedArgs{"member": member, "kind": act, "object": act.Object()}).Fn = func(results pgx.BatchResults) error {
		_, err := results.Exec()
		return unrecorded(mapError(err))
	}
}

func unrecorded(err error) error {
	if err == nil || errors.Is(err, fault.NotFound) {
		return err
	}
	return fmt.Errorf("not shown, since it cannot be recorded: %w: %w", fault.Unavailable, err)
}

// RecordFailedSignIn writes that a password, a code or a passkey was wrong; member is whose it would have been, 0 for nobody.
func (db *DB) RecordFailedSignIn(ctx context.Context, member int64) error {
	_, err := db.pool.Exec(ctx, `INSERT INTO audit (kind, object, object_id) VALUES ($1, $2, nullif($3, 0))`,
		staff.SignInFailed, staff.SignInFailed.Object(), member)
	return mapError(err)
}

// RecordFailedReauth writes that a member who is in could not show that it is them.
func (db *DB) RecordFailedReauth(ctx context.Context, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return record(ctx, tx, member, staff.ReauthFailed, 0) })
}

// readFailedSignIns counts those of the last 24 hours.
func readFailedSignIns(b *pgx.Batch, failed *int) {
	readValue(b, failed, "failed sign-ins",
		`SELECT count(*) FROM audit WHERE kind = @kind AND at > clock() - interval '24 hours'`,
		pgx.StrictNamedArgs{"kind": staff.SignInFailed})
}
