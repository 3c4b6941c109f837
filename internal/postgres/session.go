package postgres

import (
	"context"
	"errors"
	"maps"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

// alive is the condition of the sessions that open pages: the member gave all factors, and they are not over. aliveArgs has its
// arguments.
const alive = `factors_checked AND made_at > clock() - @absolute::interval AND seen_at > clock() - @idle::interval`

// aliveArgs returns the arguments of alive together with others.
func aliveArgs(others pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{"absolute": staff.AbsoluteLimit, "idle": staff.IdleLimit}
	maps.Copy(args, others)
	return args
}

// SignIn makes a session for the member, which is pending if they have a second factor, and deletes all sessions that are over.
// It returns fault.NotFound if the member was disabled, or their password changed, since it was compared with the hash.
func (db *DB) SignIn(ctx context.Context, member int64, passwordHash string, n staff.NewSession) (pending bool, err error) {
	defer wrap(&err, "sign in")
	// A statement of its own: disabling a member locks the member before the sessions, and must never meet the other order.
	_, err = db.pool.Exec(ctx, `DELETE FROM sessions WHERE NOT coalesce(mfa_pending_until > clock(), `+alive+`)`, aliveArgs(nil))
	if err != nil {
		return false, err
	}
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockMember(ctx, tx, member); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT `+hasFactor+` FROM members m WHERE id = $1 AND password_hash = $2`, member, passwordHash).
			Scan(&pending)
		if err != nil {
			return err
		}
		if pending {
			return startPendingSignIn(ctx, tx, member, n)
		}
		return db.startSession(ctx, tx, member, n)
	})
	if err == nil && !pending {
		db.noteSeen(ctx, member)
	}
	return pending, err
}

// lockMember has a change of the member either come first, and then a disabled member is fault.NotFound, or wait until this
// transaction has made its session, and end that. Later statements read the member and see that change.
func lockMember(ctx context.Context, tx pgx.Tx, member int64) error {
	return execOne(ctx, tx, `SELECT FROM members WHERE id = $1 AND disabled_at IS NULL FOR SHARE`, member)
}

// startSession replaces the session that the browser had, and tells the member by mail if the browser is new to them. Signing in
// counts as re-authentication for a member without a second factor, who was asked for all there is, and after a recovery code:
// the device is lost, and there may be no other code.
func (db *DB) startSession(ctx context.Context, tx pgx.Tx, member int64, n staff.NewSession) error {
	if err := signOut(ctx, tx, n.Replaces); err != nil {
		return err
	}
	unknown, err := unknownBrowser(ctx, tx, member, n.Browser)
	if err != nil {
		return err
	}
	// A program that is too old for the schema may know fewer factors than the member has.
	err = execOne(ctx, tx, `
		INSERT INTO sessions (token_digest, member_id, browser, factors_checked, reauthenticated_at)
		SELECT @token, id, @browser, true, CASE WHEN @recovered OR NOT `+hasFactor+` THEN clock() END
		FROM members m, schema_compatibility WHERE id = @member AND oldest <= @schema`,
		pgx.StrictNamedArgs{
			"token": n.TokenDigest, "member": member, "browser": n.Browser, "recovered": n.Recovered,
			"schema": migrations.Newest(),
		})
	if errors.Is(err, fault.NotFound) {
		return ErrOutdated
	}
	if err != nil {
		return err
	}
	if err := record(ctx, tx, member, staff.SignedIn, 0); err != nil || !unknown {
		return err
	}
	return db.notify(ctx, tx, member, staff.DeviceNotice, n.Browser)
}

// unknownBrowser reports whether the member signs in with a browser that is new to them, and remembers it for a year. Browsers
// are told apart by their plain names, so one is also new while another of its name is signed in. The first of all is not: the
// member knows of it.
func unknownBrowser(ctx context.Context, tx pgx.Tx, member int64, browser string) (unknown bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT m.seen_at IS NOT NULL AND (
			NOT EXISTS (SELECT FROM member_browsers WHERE member_id = m.id AND browser = @browser)
			OR EXISTS (SELECT FROM sessions WHERE member_id = m.id AND browser = @browser AND `+alive+`))
		FROM members m WHERE m.id = @member`, aliveArgs(pgx.StrictNamedArgs{"member": member, "browser": browser})).Scan(&unknown)
	if err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO member_browsers (member_id, browser) VALUES ($1, $2)
		ON CONFLICT (member_id, browser) DO UPDATE SET seen_at = excluded.seen_at`, member, browser)
	return unknown, err
}

// visit is a row of MemberBySession.
type visit struct {
	staff.Principal
	Pending bool
	Stale   bool // it has to be noted again that the session is in use
}

// MemberBySession returns the member who is signed in with the token, or fault.NotFound. While the second factor is pending it
// returns the member together with staff.ErrPendingSignIn. It only updates a session that is there and not over: a request that
// outlives its session cannot bring it back.
func (db *DB) MemberBySession(ctx context.Context, tokenDigest []byte) (found staff.Principal, err error) {
	defer wrap(&err, "session")
	rows, _ := db.pool.Query(ctx, `
		SELECT m.id, m.email, m.name, m.role, false AS disabled, s.id AS session, s.mfa_pending_until IS NOT NULL AS pending,
		       second_factor_required AND NOT `+hasFactor+` AS must_add_factor,
		       coalesce(s.reauthenticated_at > clock() - @recent::interval, false) AS reauthenticated,
		       s.seen_at < clock() - interval '1 minute' AS stale
		FROM (SELECT * FROM sessions WHERE mfa_pending_until > clock() OR `+alive+`) s
		JOIN members m ON m.id = s.member_id, team_rules
		WHERE s.token_digest = @token AND m.disabled_at IS NULL`,
		aliveArgs(pgx.StrictNamedArgs{"token": tokenDigest, "recent": staff.ReauthLimit}))
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[visit])
	switch {
	case err != nil:
		return found, err
	case v.Pending:
		return staff.Principal{Member: v.Member}, staff.ErrPendingSignIn
	case v.Stale:
		err := execOne(ctx, db.pool, `UPDATE sessions SET seen_at = clock() WHERE token_digest = @token AND `+alive,
			aliveArgs(pgx.StrictNamedArgs{"token": tokenDigest}))
		if err != nil {
			return found, err
		}
		db.noteSeen(ctx, v.ID)
	}
	return v.Principal, nil
}

// noteSeen notes that the member was here: in a statement of its own, for the reason that SignIn gives. A failure must not end
// the sign-in.
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
		INSERT INTO audit (member_id, kind) SELECT member_id, $2 FROM ended WHERE mfa_pending_until IS NULL`,
		tokenDigest, staff.SignedOut)
	return err
}

// Sessions returns the member's sessions, that of the token first and then the latest.
func (db *DB) Sessions(ctx context.Context, member int64, tokenDigest []byte) (sessions []staff.Session, err error) {
	defer wrap(&err, "sessions")
	rows, _ := db.pool.Query(ctx, `
		SELECT id, browser, made_at, seen_at, token_digest = @token AS this
		FROM sessions
		WHERE `+alive+` AND member_id = @member
		ORDER BY token_digest = @token DESC, seen_at DESC, id DESC`,
		aliveArgs(pgx.StrictNamedArgs{"member": member, "token": tokenDigest}))
	return pgx.CollectRows(rows, pgx.RowToStructByName[staff.Session])
}

// EndSession ends one of the member's sessions; one that is over, or somebody else's, is left as it is.
func (db *DB) EndSession(ctx context.Context, member, id int64) error {
	return db.endOwn(ctx, member, `id = @id`, pgx.StrictNamedArgs{"id": id})
}

// EndOtherSessions ends all of the member's sessions, pending ones too, but the one with the token.
func (db *DB) EndOtherSessions(ctx context.Context, member int64, tokenDigest []byte) error {
	return db.endOwn(ctx, member, `token_digest <> @token`, pgx.StrictNamedArgs{"token": tokenDigest})
}

// endOwn ends the member's sessions of the condition, and records that if one of them was not over by itself.
func (db *DB) endOwn(ctx context.Context, member int64, condition string, args pgx.StrictNamedArgs) error {
	args["member"] = member
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var ended bool
		err := tx.QueryRow(ctx, `
			WITH gone AS (DELETE FROM sessions WHERE member_id = @member AND `+condition+` RETURNING `+alive+` AS ended)
			SELECT coalesce(bool_or(ended), false) FROM gone`, aliveArgs(args)).Scan(&ended)
		if err != nil || !ended {
			return err
		}
		return record(ctx, tx, member, staff.SessionsEnded, 0)
	})
}

// rotate gives the session another token, ends the member's others and returns the plain word for its browser. It returns
// fault.NotFound if the session is over.
func rotate(ctx context.Context, tx pgx.Tx, member int64, oldToken, newToken []byte) (browser string, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE sessions SET token_digest = $3
		WHERE member_id = $1 AND token_digest = $2 AND mfa_pending_until IS NULL
		RETURNING browser`, member, oldToken, newToken).Scan(&browser)
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
