package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// Keyholder is the member with their passkeys; fault.NotFound if they are disabled or nobody.
func (db *DB) Keyholder(ctx context.Context, member int64) (staff.Keyholder, error) {
	return db.keyholder(ctx, `id = $1`, member)
}

// KeyholderByHandle is the member whom a passkey names, as Keyholder.
func (db *DB) KeyholderByHandle(ctx context.Context, handle []byte) (staff.Keyholder, error) {
	if len(handle) != len(staff.Keyholder{}.Handle) {
		return staff.Keyholder{}, fault.NotFound
	}
	return db.keyholder(ctx, `handle = $1`, [16]byte(handle))
}

func (db *DB) keyholder(ctx context.Context, condition string, arg any) (k staff.Keyholder, err error) {
	err = db.pool.QueryRow(ctx, `SELECT id, email, name, role, handle FROM members WHERE disabled_at IS NULL AND `+condition,
		arg).
		Scan(&k.ID, &k.Email, &k.Name, &k.Role, &k.Handle)
	if err == nil {
		k.Passkeys, err = db.passkeysOf(ctx, k.ID)
	}
	if err != nil {
		return k, fmt.Errorf("keyholder: %w", kind(err))
	}
	return k, nil
}

func (db *DB) passkeysOf(ctx context.Context, member int64) ([]staff.Passkey, error) {
	rows, _ := db.pool.Query(ctx, `SELECT id, name, made_at, used_at, credential FROM passkeys WHERE member_id = $1 ORDER BY id`,
		member)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[staff.Passkey])
}

// AddPasskey keeps a passkey of the member under a name and gives them recovery codes, by their digests, if they have none.
// It is fault.Conflict if the challenge was answered before, or the passkey is there.
func (db *DB) AddPasskey(ctx context.Context, member int64, name string, a staff.Answer, t staff.Rotation) (given bool,
	err error,
) {
	err = db.changeFactors(ctx, member, t, staff.PasskeyAdded, func(tx pgx.Tx) error {
		if err := spend(ctx, tx, a.Challenge); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO passkeys (member_id, credential_id, credential, name) VALUES ($1, $2, $3, $4)`,
			member, a.Credential.ID, a.Credential, name)
		if err != nil {
			return err
		}
		given, err = giveRecoveryCodes(ctx, tx, member, t.RecoveryCodes)
		return err
	})
	return given, err
}

// RemovePasskey takes one of the member's away.
func (db *DB) RemovePasskey(ctx context.Context, member, id int64, t staff.Rotation) error {
	return db.changeFactors(ctx, member, t, staff.PasskeyRemoved, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM passkeys WHERE member_id = $1 AND id = $2`, member, id)
		if err == nil && tag.RowsAffected() == 0 {
			return fault.NotFound
		}
		return err
	})
}

// SignInByPasskey makes a session for the member whose passkey answered. It is fault.NotFound if the member was disabled or
// the passkey taken away meanwhile, and fault.Conflict if the challenge was answered before.
func (db *DB) SignInByPasskey(ctx context.Context, member int64, a staff.Answer, n staff.NewSession) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		if err := holdMember(ctx, tx, `id = $1`, member); err != nil {
			return err
		}
		holds, err := takePasskey(ctx, tx, member, a)
		if err == nil && !holds {
			err = fault.NotFound
		}
		if err != nil {
			return err
		}
		return db.startSession(ctx, tx, member, n)
	})
	if err != nil {
		return fmt.Errorf("sign in by passkey: %w", err)
	}
	db.noteSeen(ctx, member)
	return nil
}

// takePasskey spends the challenge and keeps the credential's new state.
func takePasskey(ctx context.Context, tx pgx.Tx, member int64, a staff.Answer) (bool, error) {
	if err := spend(ctx, tx, a.Challenge); err != nil {
		return false, err
	}
	tag, err := tx.Exec(ctx, `UPDATE passkeys SET credential = $3, used_at = clock() WHERE member_id = $1 AND credential_id = $2`,
		member, a.Credential.ID, a.Credential)
	return tag.RowsAffected() > 0, err
}

// spend is fault.Conflict, by the table's key, for a challenge that was answered before.
func spend(ctx context.Context, tx pgx.Tx, challenge []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO spent_challenges (digest) VALUES (sha256($1))`, challenge)
	return err
}
