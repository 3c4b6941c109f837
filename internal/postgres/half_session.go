package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// beginSignIn makes half a session. It may be anybody who has the member's password, so nobody is recorded as who did it.
func beginSignIn(ctx context.Context, tx pgx.Tx, member int64, n staff.NewSession) error {
	if err := signOut(ctx, tx, n.Instead); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO half_sessions (token_digest, member_id, browser, known) VALUES ($1, $2, $3, false)`,
		n.TokenDigest, member, n.Browser)
	if err != nil {
		return err
	}
	return record(ctx, tx, 0, staff.SignInBegun, member)
}

// HalfSession returns who gave the right password and owes the second factor in the browser with the token, or
// fault.NotFound.
func (db *DB) HalfSession(ctx context.Context, tokenDigest []byte) (v staff.Visit, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT m.id, m.email, m.name, m.role FROM half_sessions h JOIN members m ON m.id = h.member_id
		WHERE h.token_digest = $1 AND h.made_at > clock() - $2::interval AND m.disabled_at IS NULL`, tokenDigest, staff.HalfLimit).
		Scan(&v.ID, &v.Email, &v.Name, &v.Role)
	if err != nil {
		return v, fmt.Errorf("half session: %w", kind(err))
	}
	return v, nil
}

// FinishSignIn makes a session under a new token in the place of the half one, if the proof holds. It is fault.NotFound if
// the half one is over.
func (db *DB) FinishSignIn(ctx context.Context, member int64, p staff.Proof, halfToken, tokenDigest []byte) (holds bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := holdMember(ctx, tx, `id = $1`, member); err != nil {
			return err
		}
		n := staff.NewSession{TokenDigest: tokenDigest, Instead: halfToken, Recovered: p.RecoveryCode != ""}
		err := tx.QueryRow(ctx, `
			SELECT browser FROM half_sessions WHERE member_id = $1 AND token_digest = $2 AND made_at > clock() - $3::interval FOR UPDATE`,
			member, halfToken, staff.HalfLimit).Scan(&n.Browser)
		if err != nil {
			return err
		}
		if holds, err = db.take(ctx, tx, member, p, n.Browser); err != nil || !holds {
			return err
		}
		return db.startSession(ctx, tx, member, n)
	})
	if err != nil {
		return false, fmt.Errorf("finish a sign-in: %w", err)
	}
	if holds {
		db.noteSeen(ctx, member)
	}
	return holds, nil
}
