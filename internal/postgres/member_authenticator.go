package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// BeginAuthenticator keeps a seed that the member is about to set up in the session. The one in force stays so until then. A
// member who begins again in the session goes on with the first seed, which their app may hold already. It returns
// fault.NotFound if the session is over.
func (db *DB) BeginAuthenticator(ctx context.Context, member, session int64, seed []byte) (err error) {
	defer wrap(&err, "begin an authenticator")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		err := execOne(ctx, tx, `SELECT FROM sessions WHERE id = $1 AND member_id = $2 FOR KEY SHARE`, session, member)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO authenticators AS a (member_id, session_id, seed) VALUES ($1, $2, $3)
			ON CONFLICT (member_id, (confirmed_at IS NULL)) DO UPDATE
			SET session_id = excluded.session_id, seed = excluded.seed, made_at = excluded.made_at, last_step = 0
			WHERE a.session_id <> excluded.session_id`,
			member, session, seed)
		return err
	})
}

// BegunSeed returns the seed that is being set up in the session, or fault.NotFound.
func (db *DB) BegunSeed(ctx context.Context, session int64) (seed []byte, err error) {
	err = db.pool.QueryRow(ctx, `SELECT seed FROM authenticators WHERE session_id = $1`, session).Scan(&seed)
	return seed, mapError(err)
}

// ConfirmAuthenticator puts in force what the session is setting up if the code is right, and returns staff.ErrWrongCode if it
// is not. It gives the member recovery codes if they have none, and reports whether it did.
func (db *DB) ConfirmAuthenticator(
	ctx context.Context, member, session int64, code string, t staff.Rotation,
) (given bool, err error) {
	err = db.changeFactors(ctx, member, t, staff.AuthenticatorAdded, func(tx pgx.Tx) error {
		right, err := takeCode(ctx, tx, code, `session_id = @id`, session)
		if err != nil {
			return err
		}
		if !right {
			return staff.ErrWrongCode
		}
		_, err = tx.Exec(ctx, `DELETE FROM authenticators WHERE member_id = $1 AND confirmed_at IS NOT NULL`, member)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE authenticators SET confirmed_at = clock(), session_id = NULL WHERE session_id = $1`, session)
		if err != nil {
			return err
		}
		given, err = giveRecoveryCodes(ctx, tx, member, t.RecoveryCodes)
		return err
	})
	return given, err
}

// RemoveAuthenticator removes the one in force. It returns fault.NotFound for a member without one.
func (db *DB) RemoveAuthenticator(ctx context.Context, member int64, t staff.Rotation) error {
	return db.changeFactors(ctx, member, t, staff.AuthenticatorRemoved, func(tx pgx.Tx) error {
		return execOne(ctx, tx, `DELETE FROM authenticators WHERE member_id = $1 AND confirmed_at IS NOT NULL`, member)
	})
}

// takeCode reports whether the one authenticator of the condition on @id shows the code now, and has it taken: of many at once
// with the same code one finds it so.
func takeCode(ctx context.Context, tx pgx.Tx, code, condition string, id int64) (bool, error) {
	var authenticator, last int64
	var seed []byte
	var now time.Time
	err := tx.QueryRow(ctx, `SELECT id, seed, last_step, clock() FROM authenticators WHERE `+condition+` FOR UPDATE`,
		pgx.StrictNamedArgs{"id": id}).Scan(&authenticator, &seed, &last, &now)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("authenticator: %w", err)
	}
	step, err := staff.MatchCode(seed, code, now, last)
	if err != nil || step == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE authenticators SET last_step = $2 WHERE id = $1`, authenticator, step)
	return true, err
}
