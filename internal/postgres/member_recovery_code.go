package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// RenewRecoveryCodes puts new codes, by their digests, in the place of those that the member has.
func (db *DB) RenewRecoveryCodes(ctx context.Context, member int64, t staff.Rotation) error {
	return db.changeFactors(ctx, member, t, staff.RecoveryRenewed, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE member_id = $1`, member); err != nil {
			return err
		}
		given, err := giveRecoveryCodes(ctx, tx, member, t.RecoveryCodes)
		if err == nil && !given {
			err = fault.NotFound // there is no second factor that they could stand in for
		}
		return err
	})
}

// giveRecoveryCodes gives codes to a member who has a second factor and no codes, and reports whether it did.
func giveRecoveryCodes(ctx context.Context, tx pgx.Tx, member int64, digests [][]byte) (given bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO recovery_codes (member_id, digest)
		SELECT id, unnest($2::bytea[]) FROM members m
		WHERE id = $1 AND `+hasFactor+` AND NOT EXISTS (SELECT FROM recovery_codes WHERE member_id = $1)`, member, digests)
	return tag.RowsAffected() > 0, err
}

func (db *DB) takeRecoveryCode(ctx context.Context, tx pgx.Tx, member int64, code, browser string) (bool, error) {
	tag, err := tx.Exec(ctx, `
		DELETE FROM recovery_codes WHERE member_id = $1 AND digest = $2`, member, staff.RecoveryDigest(code))
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	if err := record(ctx, tx, member, staff.RecoveryUsed, 0); err != nil {
		return false, err
	}
	return true, db.notify(ctx, tx, member, staff.NoticeKind(staff.RecoveryUsed), browser)
}
