package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/staff"
)

// RequestReset has a link to choose a new password go to the member with the address. For an address of nobody or of a
// disabled member, and for one who had too many links, it takes the same steps, down to a job that finds nothing to send.
func (db *DB) RequestReset(ctx context.Context, address, browser string, salt, tokenDigest []byte) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
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
				INSERT INTO notices (member_id, kind, browser, salt, token_digest)
				SELECT m.id, $2, $3, $4, $5
				FROM members m
				WHERE m.id = $1 AND m.disabled_at IS NULL
				  AND (SELECT count(*) FROM notices WHERE member_id = m.id AND kind = $2 AND made_at > clock() - $6::interval) < $7
				FOR SHARE OF m
				RETURNING id
			)
			SELECT coalesce(max(id), 0) FROM made`,
			member, staff.ResetNotice, browser, salt, tokenDigest, staff.ResetLimit, staff.MaxResets).Scan(&id)
		if err != nil {
			return err
		}
		_, err = db.queue.InsertTx(ctx, tx, NoticeJob{Notice: id}, nil)
		return err
	})
	if err != nil {
		return fmt.Errorf("request a reset: %w", err)
	}
	return nil
}

// resetEnds is when the link of a notice n ends: its time is counted from when the mail went out, however long that was tried.
const resetEnds = `coalesce(n.sent_at + $1::interval, n.made_at + $2::interval)`

// ResetByToken returns the link in whatever state it is, or fault.NotFound.
func (db *DB) ResetByToken(ctx context.Context, tokenDigest []byte) (staff.Reset, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT m.email, m.name,
		       CASE WHEN n.used_at IS NOT NULL THEN 'used'
		            WHEN `+resetEnds+` <= clock() OR m.disabled_at IS NOT NULL THEN 'expired' ELSE 'open' END
		FROM notices n
		JOIN members m ON m.id = n.member_id
		WHERE n.token_digest = $3`, staff.ResetLimit, staff.NoticeLimit, tokenDigest)
	r, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[staff.Reset])
	if err != nil {
		return r, fmt.Errorf("reset: %w", kind(err))
	}
	return r, nil
}

// ResetByLink uses the link up, gives its member another password and ends all their sessions. It is fault.NotFound, and
// nothing is changed, if the link is not good any more.
func (db *DB) ResetByLink(ctx context.Context, tokenDigest []byte, passwordHash, browser string) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var member int64
		// The member is held first, as in each change of a password: of two who use the link, or two links, one waits.
		err := tx.QueryRow(ctx, `
			SELECT id FROM members
			WHERE id = (SELECT member_id FROM notices WHERE token_digest = $1) AND disabled_at IS NULL FOR NO KEY UPDATE`, tokenDigest).
			Scan(&member)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			UPDATE notices n SET used_at = clock() WHERE token_digest = $3 AND used_at IS NULL AND `+resetEnds+` > clock()`,
			staff.ResetLimit, staff.NoticeLimit, tokenDigest)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.NotFound
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
	if err != nil {
		return fmt.Errorf("reset by link: %w", err)
	}
	return nil
}
