package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// startPendingSignIn makes a session that opens nothing until the second factor is given. Anybody with the member's password may
// have done it, so the audit names nobody as the one who did.
func startPendingSignIn(ctx context.Context, tx pgx.Tx, member int64, n staff.NewSession) error {
	if err := signOut(ctx, tx, n.Replaces); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO sessions (token_digest, member_id, browser, mfa_pending_until)
		VALUES (@token, @member, @browser, clock() + @limit::interval)`, pgx.StrictNamedArgs{
		"token": n.TokenDigest, "member": member, "browser": n.Browser, "limit": staff.PendingSignInLimit,
	})
	if err != nil {
		return err
	}
	return record(ctx, tx, 0, staff.SignInBegun, member)
}

// FinishSignIn replaces the pending session with a whole one under a new token, if the credential holds. It returns
// fault.NotFound if the pending session is over.
func (db *DB) FinishSignIn(
	ctx context.Context, member int64, p staff.Credential, pendingToken, tokenDigest []byte,
) (holds bool, err error) {
	defer wrap(&err, "finish a sign-in")
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockMember(ctx, tx, member); err != nil {
			return err
		}
		n := staff.NewSession{TokenDigest: tokenDigest, Replaces: pendingToken, Recovered: p.RecoveryCode != ""}
		err := tx.QueryRow(ctx, `
			SELECT browser FROM sessions WHERE member_id = $1 AND token_digest = $2 AND mfa_pending_until > clock() FOR UPDATE`,
			member, pendingToken).Scan(&n.Browser)
		if err != nil {
			return err
		}
		if holds, err = db.useCredential(ctx, tx, member, p, n.Browser); err != nil || !holds {
			return err
		}
		return db.startSession(ctx, tx, member, n)
	})
	if err != nil {
		return false, err
	}
	if holds {
		db.noteSeen(ctx, member)
	}
	return holds, nil
}
