package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// alive are the sessions that are not over; its arguments are $1 and $2, both limits.
const alive = `made_at > clock() - $1::interval AND seen_at > clock() - $2::interval`

// SignIn makes a session for the member and clears away the ones that are over. It is fault.NotFound if the member was
// disabled, or their password changed, since it was compared with the hash. They are told by mail if they have been here
// before and the browser is not known.
func (db *DB) SignIn(ctx context.Context, member int64, passwordHash string, tokenDigest []byte, browser string, known bool) error {
	// On its own: whoever disables a member holds them while their sessions are deleted, so the two are never held the
	// other way round.
	if _, err := db.pool.Exec(ctx, `DELETE FROM sessions WHERE NOT (`+alive+`)`, staff.AbsoluteLimit, staff.IdleLimit); err != nil {
		return fmt.Errorf("sign in: %w", kind(err))
	}
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var first bool
		// The share lock has a change of the member either come first, and then no session is made, or end the session.
		err := tx.QueryRow(ctx, `
			WITH begun AS (
				INSERT INTO sessions (token_digest, member_id, browser)
				SELECT $1, id, $4 FROM members WHERE id = $2 AND password_hash = $3 AND disabled_at IS NULL FOR SHARE
				RETURNING member_id
			), recorded AS (
				INSERT INTO audit (member_id, kind) SELECT member_id, $5 FROM begun
			)
			SELECT m.seen_at IS NULL FROM begun b JOIN members m ON m.id = b.member_id`,
			tokenDigest, member, passwordHash, browser, staff.SignedIn).Scan(&first)
		if err != nil || known || first {
			return err
		}
		return db.notify(ctx, tx, member, staff.DeviceNotice, browser)
	})
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return db.noteSeen(ctx, member)
}

// MemberBySession returns who is signed in with the token and the hash of their password, or fault.NotFound. It only ever
// updates a session that is there and not over: a request that outlives its session cannot bring it back.
func (db *DB) MemberBySession(ctx context.Context, tokenDigest []byte) (m staff.Member, passwordHash string, err error) {
	var stale bool
	err = db.pool.QueryRow(ctx, `
		SELECT m.id, m.email, m.name, m.role, m.password_hash, s.seen_at < clock() - interval '1 minute'
		FROM (SELECT * FROM sessions WHERE `+alive+`) s
		JOIN members m ON m.id = s.member_id
		WHERE s.token_digest = $3 AND m.disabled_at IS NULL`,
		staff.AbsoluteLimit, staff.IdleLimit, tokenDigest).
		Scan(&m.ID, &m.Email, &m.Name, &m.Role, &passwordHash, &stale)
	if err != nil {
		return staff.Member{}, "", fmt.Errorf("session: %w", kind(err))
	}
	if !stale {
		return m, passwordHash, nil
	}
	tag, err := db.pool.Exec(ctx, `UPDATE sessions SET seen_at = clock() WHERE token_digest = $3 AND `+alive,
		staff.AbsoluteLimit, staff.IdleLimit, tokenDigest)
	if err == nil && tag.RowsAffected() == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return staff.Member{}, "", fmt.Errorf("session: %w", kind(err))
	}
	return m, passwordHash, db.noteSeen(ctx, m.ID)
}

// noteSeen is a statement of its own, for the same reason as in SignIn.
func (db *DB) noteSeen(ctx context.Context, member int64) error {
	_, err := db.pool.Exec(ctx, `UPDATE members SET seen_at = clock() WHERE id = $1`, member)
	return kind(err)
}

// SignOut ends the session.
func (db *DB) SignOut(ctx context.Context, tokenDigest []byte) error {
	_, err := db.pool.Exec(ctx, `
		WITH ended AS (DELETE FROM sessions WHERE token_digest = $1 RETURNING member_id)
		INSERT INTO audit (member_id, kind) SELECT member_id, $2 FROM ended`, tokenDigest, staff.SignedOut)
	return kind(err)
}

// Sessions are where the member is signed in, the latest first.
func (db *DB) Sessions(ctx context.Context, member int64, tokenDigest []byte) ([]staff.Session, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT id, browser, made_at, seen_at, token_digest = $4
		FROM sessions
		WHERE `+alive+` AND member_id = $3
		ORDER BY token_digest = $4 DESC, seen_at DESC, id DESC`, staff.AbsoluteLimit, staff.IdleLimit, member, tokenDigest)
	sessions, err := pgx.CollectRows(rows, pgx.RowToStructByPos[staff.Session])
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", kind(err))
	}
	return sessions, nil
}

// EndSession ends one of the member's sessions; one that is over, or somebody else's, is left as it is.
func (db *DB) EndSession(ctx context.Context, member, id int64) error {
	return db.endOwn(ctx, member, `id = $2`, id)
}

// EndOtherSessions ends all of the member's but the one with the token.
func (db *DB) EndOtherSessions(ctx context.Context, member int64, tokenDigest []byte) error {
	return db.endOwn(ctx, member, `token_digest <> $2`, tokenDigest)
}

func (db *DB) endOwn(ctx context.Context, member int64, which string, arg any) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE member_id = $1 AND `+which, member, arg); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.SessionsEnded, 0)
	})
}

// endSessions ends all of the member's.
func endSessions(ctx context.Context, tx pgx.Tx, member int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE member_id = $1`, member)
	return err
}
