package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// PasskeyUser returns the member with their passkeys, or fault.NotFound if they are disabled or not there.
func (db *DB) PasskeyUser(ctx context.Context, member int64) (staff.PasskeyUser, error) {
	return db.passkeyUser(ctx, `id = @id`, pgx.StrictNamedArgs{"id": member})
}

// PasskeyUserByHandle is PasskeyUser for the member that a passkey names.
func (db *DB) PasskeyUserByHandle(ctx context.Context, handle []byte) (staff.PasskeyUser, error) {
	if len(handle) != len(staff.PasskeyUser{}.Handle) {
		return staff.PasskeyUser{}, fault.NotFound
	}
	return db.passkeyUser(ctx, `handle = @handle`, pgx.StrictNamedArgs{"handle": [16]byte(handle)})
}

func (db *DB) passkeyUser(ctx context.Context, condition string, args pgx.StrictNamedArgs) (k staff.PasskeyUser, err error) {
	defer wrap(&err, "passkeyUser")
	err = db.pool.QueryRow(ctx, `
		SELECT id, email, name, role, handle FROM members WHERE disabled_at IS NULL AND `+condition, args).
		Scan(&k.ID, &k.Email, &k.Name, &k.Role, &k.Handle)
	if err != nil {
		return k, err
	}
	k.Passkeys, err = db.passkeysOf(ctx, k.ID)
	return k, err
}

func (db *DB) passkeysOf(ctx context.Context, member int64) ([]staff.Passkey, error) {
	rows, _ := db.pool.Query(ctx, `SELECT id, name, made_at, used_at, credential FROM passkeys WHERE member_id = $1 ORDER BY id`,
		member)
	return pgx.CollectRows(rows, pgx.RowToStructByName[staff.Passkey])
}

// AddPasskey keeps a passkey of the member under a name and gives them recovery codes, by their digests, if they have none.
// It returns fault.Conflict if the challenge was answered before, or the passkey is there.
func (db *DB) AddPasskey(
	ctx context.Context, member int64, name string, a staff.PasskeyAnswer, t staff.Rotation,
) (given bool, err error) {
	err = db.changeFactors(ctx, member, t, staff.PasskeyAdded, func(tx pgx.Tx) error {
		if err := spend(ctx, tx, a.Challenge); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO passkeys (member_id, credential_id, credential, name) VALUES (@member, @id, @credential, @name)`,
			pgx.StrictNamedArgs{"member": member, "id": a.Credential.ID, "credential": a.Credential, "name": name})
		if err != nil {
			return err
		}
		given, err = giveRecoveryCodes(ctx, tx, member, t.RecoveryCodes)
		return err
	})
	return given, err
}

// RemovePasskey removes one of the member's passkeys. It returns fault.NotFound for an unknown id.
func (db *DB) RemovePasskey(ctx context.Context, member, id int64, t staff.Rotation) error {
	return db.changeFactors(ctx, member, t, staff.PasskeyRemoved, func(tx pgx.Tx) error {
		return execOne(ctx, tx, `DELETE FROM passkeys WHERE member_id = $1 AND id = $2`, member, id)
	})
}

// SignInByPasskey makes a session for the member whose passkey answered. It returns fault.NotFound if the member was disabled or
// the passkey removed meanwhile, and fault.Conflict if the challenge was answered before.
func (db *DB) SignInByPasskey(ctx context.Context, member int64, a staff.PasskeyAnswer, n staff.NewSession) (err error) {
	defer wrap(&err, "sign in by passkey")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockMember(ctx, tx, member); err != nil {
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
	if err == nil {
		db.noteSeen(ctx, member)
	}
	return err
}

// takePasskey spends the challenge and keeps the credential's new state.
func takePasskey(ctx context.Context, tx pgx.Tx, member int64, a staff.PasskeyAnswer) (bool, error) {
	if err := spend(ctx, tx, a.Challenge); err != nil {
		return false, err
	}
	tag, err := tx.Exec(ctx, `UPDATE passkeys SET credential = $3, used_at = clock() WHERE member_id = $1 AND credential_id = $2`,
		member, a.Credential.ID, a.Credential)
	return tag.RowsAffected() > 0, err
}

// spend returns fault.Conflict, by the table's key, for a challenge that was answered before.
func spend(ctx context.Context, tx pgx.Tx, challenge []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO spent_challenges (digest) VALUES (sha256($1))`, challenge)
	return err
}
