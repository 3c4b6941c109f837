package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// record writes what a member did into the audit, in the transaction that does it: both stand or neither does.
func record(ctx context.Context, tx pgx.Tx, member int64, kind staff.ActKind, id int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO audit (member_id, kind, object, object_id) VALUES (nullif($1, 0), $2, $3, nullif($4, 0))`,
		member, kind, kind.Object(), id)
	if err != nil {
		return fmt.Errorf("audit of %s: %w", kind, err)
	}
	return nil
}

// recordEvent is record for an event of a lead.
func recordEvent(ctx context.Context, tx pgx.Tx, member int64, event lead.EventKind, id int64) error {
	return record(ctx, tx, member, staff.ActKind("lead-"+string(event)), id)
}

// RecordView writes that a member is about to see the lead; fault.NotFound if there is none. Who cannot be written down is
// shown nothing: any other failure is fault.Unavailable.
func (db *DB) RecordView(ctx context.Context, member int64, reference string) error {
	tag, err := db.pool.Exec(ctx, `
		INSERT INTO audit (member_id, kind, object, object_id) SELECT $1, $2, $3, id FROM leads WHERE reference = $4`,
		member, staff.LeadViewed, staff.LeadViewed.Object(), reference)
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	return unrecorded(kind(err))
}

// RecordList writes that a member, or the command line, is about to be shown or sent a list. Its failure is fault.Unavailable.
func (db *DB) RecordList(ctx context.Context, member int64, kind staff.ActKind) error {
	return unrecorded(db.inTx(ctx, func(tx pgx.Tx) error { return record(ctx, tx, member, kind, 0) }))
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
	return kind(err)
}

// RecordFailedProof writes that a member who is in could not show that it is them.
func (db *DB) RecordFailedProof(ctx context.Context, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return record(ctx, tx, member, staff.ProofFailed, 0) })
}

// FailedSignIns counts those of the last 24 hours.
func (db *DB) FailedSignIns(ctx context.Context) (n int, err error) {
	err = db.pool.QueryRow(ctx, `SELECT count(*) FROM audit WHERE kind = $1 AND at > clock() - interval '24 hours'`, staff.SignInFailed).Scan(&n)
	return n, kind(err)
}
