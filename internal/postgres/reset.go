package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/staff"
)

// RequestReset has a link to choose a new password go to the member with the address. If no active member has the address, or
// the member had too many links, it takes the same steps, down to a job that finds nothing to send.
func (db *DB) RequestReset(ctx context.Context, address, browser string, salt, tokenDigest []byte) (err error) {
	defer wrap(&err, "request a reset")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// Requests for one address come one after the other, so that none slips past the count.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, hashtext($2))`, lockResets, email.Key(address)); err != nil {
			return err
		}
		member, err := memberWith(ctx, tx, address)
		if err != nil {
			return err
		}
		var id int64
		err = tx.QueryRow(ctx, `
			WITH made AS (
				INSERT INTO deliveries (member_id, kind, browser, salt, token_digest)
				SELECT m.id, @kind, @browser, @salt, @token
				FROM members m
				WHERE m.id = @member AND m.disabled_at IS NULL AND (
					SELECT count(*) FROM deliveries
					WHERE member_id = m.id AND lead_id IS NULL AND kind = @kind AND made_at > clock() - @limit::interval) < @most
				FOR SHARE OF m
				RETURNING id
			)
			SELECT coalesce(max(id), 0) FROM made`, pgx.StrictNamedArgs{
			"member": member, "kind": staff.ResetNotice, "browser": browser, "salt": salt, "token": tokenDigest,
			"limit": staff.ResetLimit, "most": staff.MaxResets,
		}).Scan(&id)
		if err != nil {
			return err
		}
		return db.enqueue(ctx, tx, []int64{id})
	})
}

// resetEnds is the time at which the link of a delivery d ends. It is counted from when the mail went out, however long that
// took.
const resetEnds = `CASE WHEN d.state = 'sent' THEN d.ended_at + @limit::interval ELSE d.made_at + @mail::interval END`

// resetArgs returns the arguments of a query of a link and its end.
func resetArgs(tokenDigest []byte) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"token": tokenDigest, "limit": staff.ResetLimit, "mail": staff.NoticeLimit}
}

// ResetByToken returns the link in whatever state it is, or fault.NotFound.
func (db *DB) ResetByToken(ctx context.Context, tokenDigest []byte) (r staff.Reset, err error) {
	err = db.read(ctx, func(b *pgx.Batch) {
		readRow(b, &r, "reset", `
			SELECT m.email, m.name,
			       CASE WHEN d.used_at IS NOT NULL THEN 'used'
			            WHEN `+resetEnds+` <= clock() OR m.disabled_at IS NOT NULL THEN 'expired' ELSE 'open' END AS state
			FROM deliveries d
			JOIN members m ON m.id = d.member_id
			WHERE d.token_digest = @token`, resetArgs(tokenDigest))
	})
	return r, err
}

// ResetByLink uses the link up, gives its member another password and ends all their sessions. It returns fault.NotFound, and
// changes nothing, if the link no longer works.
func (db *DB) ResetByLink(ctx context.Context, tokenDigest []byte, passwordHash, browser string) (err error) {
	defer wrap(&err, "reset by link")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var member int64
		// The member is held first, as in each change of a password: of two who use the link, or two links, one waits.
		err := tx.QueryRow(ctx, `
			SELECT id FROM members
			WHERE id = (SELECT member_id FROM deliveries WHERE token_digest = $1) AND disabled_at IS NULL FOR NO KEY UPDATE`, tokenDigest).
			Scan(&member)
		if err != nil {
			return err
		}
		err = execOne(ctx, tx, `
			UPDATE deliveries d SET used_at = clock() WHERE token_digest = @token AND used_at IS NULL AND `+resetEnds+` > clock()`,
			resetArgs(tokenDigest))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE members SET password_hash = $2 WHERE id = $1`, member, passwordHash); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, member, nil); err != nil {
			return err
		}
		if err := record(ctx, tx, member, staff.PasswordReset, 0); err != nil {
			return err
		}
		return db.passwordChanged(ctx, tx, member, browser)
	})
}
