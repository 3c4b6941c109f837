package postgres

import (
	"context"
	"fmt"

	"tiebreak/internal/staff"
)

// SignIn makes a session for the member and clears away the ones that are over.
func (db *DB) SignIn(ctx context.Context, member int64, tokenDigest []byte) error {
	_, err := db.pool.Exec(ctx, `
		WITH cleared AS (
			DELETE FROM sessions WHERE made_at <= clock() - $3::interval OR seen_at <= clock() - $4::interval
		)
		INSERT INTO sessions (token_digest, member_id) VALUES ($1, $2)`,
		tokenDigest, member, staff.AbsoluteLimit, staff.IdleLimit)
	if err != nil {
		return fmt.Errorf("sign in: %w", kind(err))
	}
	return nil
}

// MemberBySession returns who is signed in with the token, or fault.NotFound. It only ever updates a session that is
// there: a request that outlives a sign-out cannot bring its session back.
func (db *DB) MemberBySession(ctx context.Context, tokenDigest []byte) (staff.Member, error) {
	var m staff.Member
	var stale bool
	err := db.pool.QueryRow(ctx, `
		SELECT m.id, m.email, m.name, m.role, s.seen_at < clock() - interval '1 minute'
		FROM sessions s
		JOIN members m ON m.id = s.member_id
		WHERE s.token_digest = $1 AND s.made_at > clock() - $2::interval AND s.seen_at > clock() - $3::interval`,
		tokenDigest, staff.AbsoluteLimit, staff.IdleLimit).
		Scan(&m.ID, &m.Email, &m.Name, &m.Role, &stale)
	if err != nil {
		return staff.Member{}, fmt.Errorf("session: %w", kind(err))
	}
	if stale {
		_, err = db.pool.Exec(ctx, `UPDATE sessions SET seen_at = clock() WHERE token_digest = $1`, tokenDigest)
	}
	return m, kind(err)
}

// SignOut ends the session.
func (db *DB) SignOut(ctx context.Context, tokenDigest []byte) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM sessions WHERE token_digest = $1`, tokenDigest)
	return kind(err)
}
