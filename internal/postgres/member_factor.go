package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// hasFactor asks whether the member m has a second factor.
const hasFactor = `(EXISTS (SELECT FROM authenticators WHERE member_id = m.id AND confirmed_at IS NOT NULL)
	OR EXISTS (SELECT FROM passkeys WHERE member_id = m.id))`

// Factors returns the member's second factors.
func (db *DB) Factors(ctx context.Context, member int64) (f staff.Factors, err error) {
	defer wrap(&err, "second factors")
	err = db.pool.QueryRow(ctx, `
		SELECT (SELECT confirmed_at FROM authenticators WHERE member_id = $1 AND confirmed_at IS NOT NULL),
		       (SELECT count(*) FROM recovery_codes WHERE member_id = $1)`, member).Scan(&f.Authenticator, &f.RecoveryCodes)
	if err != nil {
		return f, err
	}
	f.Passkeys, err = db.passkeysOf(ctx, member)
	return f, err
}

// FactorRequired reports whether all members must have a second factor.
func (db *DB) FactorRequired(ctx context.Context) (required bool, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readFactorRequired(b, &required) })
	return required, err
}

func readFactorRequired(b *pgx.Batch, required *bool) {
	readValue(b, required, "team rules", `SELECT second_factor_required FROM team_rules`, nil)
}

// RequireFactor has all members need a second factor from now on, or not, and tells them. Members without one must set it up
// before anything else. It returns fault.Forbidden if the member who asks is no longer an active admin.
func (db *DB) RequireFactor(ctx context.Context, by int64, required bool) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := governs(ctx, tx, by); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE team_rules SET second_factor_required = $1 WHERE second_factor_required <> $1`, required)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		act := staff.FactorOptional
		if required {
			act = staff.FactorRequired
		}
		if err := record(ctx, tx, by, act, 0); err != nil {
			return err
		}
		return db.notifyAll(ctx, tx, staff.NoticeKind(act))
	})
}

// Reauthenticate gives the member's session another token and lets it change second factors for a while, if the credential holds.
// It returns fault.NotFound if the session is over.
func (db *DB) Reauthenticate(
	ctx context.Context, member int64, p staff.Credential, oldToken, newToken []byte,
) (holds bool, err error) {
	defer wrap(&err, "re-authentication")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockMember(ctx, tx, member); err != nil {
			return err
		}
		var browser string
		err := tx.QueryRow(ctx, `
			SELECT browser FROM sessions
			WHERE member_id = $1 AND token_digest = $2 AND mfa_pending_until IS NULL FOR UPDATE`, member, oldToken).Scan(&browser)
		if err != nil {
			return err
		}
		if holds, err = db.useCredential(ctx, tx, member, p, browser); err != nil || !holds {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE sessions SET token_digest = $2, reauthenticated_at = clock() WHERE token_digest = $1`,
			oldToken, newToken)
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.Reauthenticated, 0)
	})
	return holds && err == nil, err
}

// useCredential reports whether the credential, given in the browser, is the member's, and uses it up.
func (db *DB) useCredential(
	ctx context.Context, tx pgx.Tx, member int64, p staff.Credential, browser string,
) (holds bool, err error) {
	switch {
	case p.Passkey != nil:
		return takePasskey(ctx, tx, member, *p.Passkey)
	case p.RecoveryCode != "":
		return db.takeRecoveryCode(ctx, tx, member, p.RecoveryCode, browser)
	case p.Code != "":
		return takeCode(ctx, tx, p.Code, `member_id = @id AND confirmed_at IS NOT NULL`, member)
	}
	err = tx.QueryRow(ctx, `
		SELECT password_hash = $2 AND NOT `+hasFactor+` FROM members m WHERE id = $1`, member, p.PasswordHash).Scan(&holds)
	return holds, err
}

// changeFactors does what changes the member's second factors: with another token for the session that asks and the end of
// all others. It returns fault.NotFound if that session is over, and staff.ErrFactorRequired if a required factor would be gone.
func (db *DB) changeFactors(
	ctx context.Context, member int64, t staff.Rotation, act staff.ActKind, work func(tx pgx.Tx) error,
) (err error) {
	defer wrap(&err, "second factors")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// Lock the member so that no concurrent sign-in uses the old factors.
		err := execOne(ctx, tx, `SELECT FROM members WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE`, member)
		if err != nil {
			return err
		}
		browser, err := rotate(ctx, tx, member, t.OldToken, t.NewToken)
		if err != nil {
			return err
		}
		if err := work(tx); err != nil {
			return err
		}
		var has, required bool
		err = tx.QueryRow(ctx, `SELECT `+hasFactor+`, second_factor_required FROM members m, team_rules WHERE id = $1`, member).
			Scan(&has, &required)
		switch {
		case err != nil:
			return err
		case !has && required:
			return staff.ErrFactorRequired
		case !has:
			if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE member_id = $1`, member); err != nil {
				return err
			}
		}
		if err := record(ctx, tx, member, act, 0); err != nil {
			return err
		}
		return db.notify(ctx, tx, member, staff.NoticeKind(act), browser)
	})
}

// TakeFactors removes all second factors of another member, ends their sessions and tells them by mail. It returns
// fault.Forbidden for one's own factors and if the member who asks is no longer an active admin. It changes nothing for a member
// without any.
func (db *DB) TakeFactors(ctx context.Context, by, member int64) (err error) {
	defer wrap(&err, "second factors of member %d", member)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := governs(ctx, tx, by); err != nil {
			return err
		}
		if by == member { // members who remove their own keep to the team's rule
			return fault.Forbidden
		}
		if err := execOne(ctx, tx, `SELECT FROM members WHERE id = $1 FOR NO KEY UPDATE`, member); err != nil {
			return err
		}
		var has bool
		if err := tx.QueryRow(ctx, `SELECT `+hasFactor+` FROM members m WHERE id = $1`, member).Scan(&has); err != nil || !has {
			return err
		}
		if err := removeFactors(ctx, tx, member); err != nil {
			return err
		}
		if err := record(ctx, tx, by, staff.FactorsReset, member); err != nil {
			return err
		}
		return db.notify(ctx, tx, member, staff.NoticeKind(staff.FactorsReset), "")
	})
}

// removeFactors deletes all of the member's second factors and ends their sessions. Those come first: a session that ends takes
// the authenticator that is being set up in it along, so this is the order of locks everywhere.
func removeFactors(ctx context.Context, tx pgx.Tx, member int64) error {
	if err := endSessions(ctx, tx, member, nil); err != nil {
		return err
	}
	for _, table := range []string{"authenticators", "passkeys", "recovery_codes"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE member_id = $1`, member); err != nil {
			return err
		}
	}
	return nil
}
