package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// PasswordHash returns the hash of the member's password.
func (db *DB) PasswordHash(ctx context.Context, member int64) (hash string, err error) {
	err = db.pool.QueryRow(ctx, `SELECT password_hash FROM members WHERE id = $1`, member).Scan(&hash)
	return hash, mapError(err)
}

// ChangePassword puts a new hash in the place of the old one, ends the member's other sessions and gives the one that asks
// a new token. It returns fault.NotFound, and changes nothing, if that session or the old password is over.
func (db *DB) ChangePassword(
	ctx context.Context, member int64, oldHash, newHash string, oldToken, newToken []byte,
) (err error) {
	defer wrap(&err, "change password")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		err := execOne(ctx, tx, `
			UPDATE members SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL`,
			member, oldHash, newHash)
		if err != nil {
			return err
		}
		browser, err := rotate(ctx, tx, member, oldToken, newToken)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, member, staff.PasswordChanged, 0); err != nil {
			return err
		}
		return db.passwordChanged(ctx, tx, member, browser)
	})
}

// ResetPassword gives the member another password from the command line, removes their second factors, lets them in again
// and ends all their sessions.
func (db *DB) ResetPassword(ctx context.Context, member int64, passwordHash string) (err error) {
	defer wrap(&err, "reset member %d", member)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE members SET password_hash = $2, disabled_at = NULL WHERE id = $1`, member, passwordHash)
		if err != nil {
			return err
		}
		if err := removeFactors(ctx, tx, member); err != nil {
			return err
		}
		if err := record(ctx, tx, CommandLine, staff.MemberReset, member); err != nil {
			return err
		}
		return db.passwordChanged(ctx, tx, member, "")
	})
}

// passwordChanged uses up the links by which the member could still choose another password, and has them told.
func (db *DB) passwordChanged(ctx context.Context, tx pgx.Tx, member int64, browser string) error {
	if err := useUpLinks(ctx, tx, member); err != nil {
		return err
	}
	return db.notify(ctx, tx, member, staff.PasswordNotice, browser)
}

// useUpLinks has no link by mail let the member choose a password any more.
func useUpLinks(ctx context.Context, tx pgx.Tx, member int64) error {
	_, err := tx.Exec(ctx, `
		UPDATE deliveries SET used_at = clock()
		WHERE member_id = $1 AND lead_id IS NULL AND token_digest IS NOT NULL AND used_at IS NULL`, member)
	return err
}
