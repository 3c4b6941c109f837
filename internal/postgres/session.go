package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// alive selects the sessions that are neither pending nor over; its arguments are $1 and $2, both limits.
const alive = `mfa_pending_until IS NULL AND made_at > clock() - $1::interval AND seen_at > clock() - $2::interval`

// SignIn makes a session for the member, which is pending if they have a second factor, and deletes all sessions that are over.
// It
// returns fault.NotFound if the member was disabled, or their password changed, since it was compared with the hash.
func (db *DB) SignIn(ctx context.Context, member int64, passwordHash string, n staff.NewSession) (pending bool, err error) {
	// A statement of its own: disabling a member locks the member before the sessions, and must never meet the other order.
	_, err = db.pool.Exec(ctx, `DELETE FROM sessions WHERE NOT coalesce(mfa_pending_until > clock(), `+alive+`)`,
		staff.AbsoluteLimit, staff.IdleLimit)
	if err != nil {
		return false, fmt.Errorf("sign in: %w", kind(err))
	}
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := holdMember(ctx, tx, `id = $1 AND password_hash = $2`, member, passwordHash); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT `+hasFactor+` FROM members m WHERE id = $1`, member).Scan(&pending); err != nil {
			return err
		}
		if pending {
			return startPendingSignIn(ctx, tx, member, n)
		}
		return db.startSession(ctx, tx, member, n)
	})
	if err != nil {
		return false, fmt.Errorf("sign in: %w", err)
	}
	if !pending {
		db.noteSeen(ctx, member)
	}
	return pending, nil
}

// holdMember has a change of the member either come first, and then it is fault.NotFound, or wait until this transaction
// has made its session, and end that. What rests on the member is read in later statements, which see that change.
func holdMember(ctx context.Context, tx pgx.Tx, condition string, args ...any) error {
	var id int64
	return tx.QueryRow(ctx, `SELECT id FROM members WHERE disabled_at IS NULL AND `+condition+` FOR SHARE`, args...).Scan(&id)
}

// startSession replaces the session that the browser had, and tells the member by mail if the browser is new to them. Signing in
// counts as re-authentication for a member without a second factor, who was asked for all there is, and after a recovery code:
// the
// device is lost, and there may be no other code.
func (db *DB) startSession(ctx context.Context, tx pgx.Tx, member int64, n staff.NewSession) error {
	if err := signOut(ctx, tx, n.Replaces); err != nil {
		return err
	}
	unknown, err := unknownBrowser(ctx, tx, member, n.Browser)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO sessions (token_digest, member_id, browser, reauthenticated_at)
		SELECT $1, id, $3, CASE WHEN $4 OR NOT `+hasFactor+` THEN clock() END FROM members m WHERE id = $2`,
		n.TokenDigest, member, n.Browser, n.Recovered)
	if err != nil {
		return err
	}
	if err := record(ctx, tx, member, staff.SignedIn, 0); err != nil || !unknown {
		return err
	}
	return db.notify(ctx, tx, member, staff.DeviceNotice, n.Browser)
}

// unknownBrowser reports whether the member signs in with a browser that is new to them, and remembers it for a year. Browsers
// are
// told apart by their plain names, so one is also new while another of its name is signed in. The first of all is not: the member
// knows of it.
func unknownBrowser(ctx context.Context, tx pgx.Tx, member int64, browser string) (unknown bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT m.seen_at IS NOT NULL AND (
			NOT EXISTS (SELECT FROM member_browsers WHERE member_id = m.id AND browser = $4)
			OR EXISTS (SELECT FROM sessions WHERE member_id = $3 AND browser = $4 AND `+alive+`))
		FROM members m WHERE m.id = $3`, staff.AbsoluteLimit, staff.IdleLimit, member, browser).Scan(&unknown)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO member_browsers (member_id, browser) VALUES ($1, $2)
		ON CONFLICT (member_id, browser) DO UPDATE SET seen_at = excluded.seen_at`, member, browser)
	return unknown, err
}

// MemberBySession returns the member who is signed in with the token, or fault.NotFound. While the second factor is pending it
// returns the member together with staff.ErrPendingSignIn. It only updates a session that is there and not over: a request that
// outlives its session cannot bring it back.
func (db *DB) MemberBySession(ctx context.Context, tokenDigest []byte) (staff.Principal, error) {
	var v staff.Principal
	var pending, stale bool
	err := db.pool.QueryRow(ctx, `
		SELECT m.id, m.email, m.name, m.role, s.id, s.mfa_pending_until IS NOT NULL, second_factor_required AND NOT `+hasFactor+`,
		       coalesce(s.reauthenticated_at > clock() - $4::interval, false), s.seen_at < clock() - interval '1 minute'
		FROM (SELECT * FROM sessions WHERE mfa_pending_until > clock() OR `+alive+`) s
		JOIN members m ON m.id = s.member_id, team_rules
		WHERE s.token_digest = $3 AND m.disabled_at IS NULL`,
		staff.AbsoluteLimit, staff.IdleLimit, tokenDigest, staff.ReauthLimit).
		Scan(&v.ID, &v.Email, &v.Name, &v.Role, &v.Session, &pending, &v.MustAddFactor, &v.Reauthenticated, &stale)
	if err != nil {
		return staff.Principal{}, fmt.Errorf("session: %w", kind(err))
	}
	if pending {
		return staff.Principal{Member: v.Member}, fmt.Errorf("session: %w", staff.ErrPendingSignIn)
	}
	if !stale {
		return v, nil
	}
	tag, err := db.pool.Exec(ctx, `UPDATE sessions SET seen_at = clock() WHERE token_digest = $3 AND `+alive,
		staff.AbsoluteLimit, staff.IdleLimit, tokenDigest)
	if err == nil && tag.RowsAffected() == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return staff.Principal{}, fmt.Errorf("session: %w", kind(err))
	}
	db.noteSeen(ctx, v.ID)
	return v, nil
}

// noteSeen is a statement of its own, for the same reason as in SignIn. A failure must not end the sign-in.
func (db *DB) noteSeen(ctx context.Context, member int64) {
	_, _ = db.pool.Exec(ctx, `UPDATE members SET seen_at = clock() WHERE id = $1`, member)
}

// SignOut ends the session, pending or not.
func (db *DB) SignOut(ctx context.Context, tokenDigest []byte) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return signOut(ctx, tx, tokenDigest) })
}

func signOut(ctx context.Context, tx pgx.Tx, tokenDigest []byte) error {
	_, err := tx.Exec(ctx, `
		WITH ended AS (DELETE FROM sessions WHERE token_digest = $1 RETURNING member_id, mfa_pending_until)
		INSERT INTO audit (member_id, kind) SELECT member_id, $2 FROM ended WHERE mfa_pending_until IS NULL`, tokenDigest, staff.SignedOut)
	return err
}

// Sessions returns the member's sessions, that of the token first and then the latest.
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
	return db.inTx(ctx, func(tx pgx.Tx) error { return endOwn(ctx, tx, member, `id = $4`, id) })
}

// EndOtherSessions ends all of the member's sessions, pending ones too, but the one with the token.
func (db *DB) EndOtherSessions(ctx context.Context, member int64, tokenDigest []byte) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return endOwn(ctx, tx, member, `token_digest <> $4`, tokenDigest) })
}

// endOwn ends the member's sessions of the condition, and records that if one of them was not over by itself.
func endOwn(ctx context.Context, tx pgx.Tx, member int64, condition string, arg any) error {
	var ended bool
	err := tx.QueryRow(ctx, `
		WITH gone AS (DELETE FROM sessions WHERE member_id = $3 AND `+condition+` RETURNING `+alive+` AS ended)
		SELECT coalesce(bool_or(ended), false) FROM gone`, staff.AbsoluteLimit, staff.IdleLimit, member, arg).Scan(&ended)
	if err != nil || !ended {
		return err
	}
	return record(ctx, tx, member, staff.SessionsEnded, 0)
}

// rotate gives the session another token, ends the member's others and returns the plain word for its browser. It is
// fault.NotFound if the session is over.
func rotate(ctx context.Context, tx pgx.Tx, member int64, oldToken, newToken []byte) (browser string, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE sessions SET token_digest = $3 WHERE member_id = $1 AND token_digest = $2 AND mfa_pending_until IS NULL RETURNING browser`, member, oldToken, newToken).
		Scan(&browser)
	if err != nil {
		return "", err
	}
	return browser, endSessions(ctx, tx, member, newToken)
}

// endSessions ends all of the member's sessions, pending ones too, but the one with the token to keep.
func endSessions(ctx context.Context, tx pgx.Tx, member int64, keep []byte) error {
	_, err := tx.Exec(ctx, `DELETE FROM sessions WHERE member_id = $1 AND token_digest IS DISTINCT FROM $2`, member, keep)
	return err
}
