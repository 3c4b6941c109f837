package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/staff"
)

// notify has the member told of what was done to their account, once the transaction commits. The browser is a plain word
// for where it was done, "" for the command line.
func (db *DB) notify(ctx context.Context, tx pgx.Tx, member int64, kind staff.NoticeKind, browser string) error {
	return db.deliver(ctx, tx, `INSERT INTO deliveries (member_id, kind, browser) VALUES (@member, @kind, @browser) RETURNING id`,
		pgx.StrictNamedArgs{"member": member, "kind": kind, "browser": browser})
}

// notifyAdmins has the other active admins told of the member, if that is an active admin too.
func (db *DB) notifyAdmins(ctx context.Context, tx pgx.Tx, member int64) error {
	return db.deliver(ctx, tx, `
		INSERT INTO deliveries (member_id, kind, browser)
		SELECT a.id, @kind, ''
		FROM members m JOIN members a ON a.id <> m.id
		WHERE m.id = @member AND m.role = 'admin' AND m.disabled_at IS NULL AND a.role = 'admin' AND a.disabled_at IS NULL
		ORDER BY a.id
		RETURNING id`, pgx.StrictNamedArgs{"kind": staff.AdminNotice, "member": member})
}

// notifyInbox has everyone who is told of leads told of the email that the inbox has got, if it is the only one there: a
// member who looks at it sees the others too.
func (db *DB) notifyInbox(ctx context.Context, tx pgx.Tx) error {
	return db.deliver(ctx, tx, `
		INSERT INTO deliveries (member_id, kind, browser)
		SELECT m.id, @kind, '' FROM members m
		WHERE `+toldOfLeads+` AND (SELECT count(*) FROM (SELECT FROM messages WHERE lead_id IS NULL LIMIT 2) waiting) = 1
		ORDER BY m.id
		RETURNING id`, pgx.StrictNamedArgs{"kind": staff.InboxNotice})
}

// notifyAll has all active members told.
func (db *DB) notifyAll(ctx context.Context, tx pgx.Tx, kind staff.NoticeKind) error {
	return db.deliver(ctx, tx, `
		INSERT INTO deliveries (member_id, kind, browser)
		SELECT id, @kind, '' FROM members WHERE disabled_at IS NULL ORDER BY id
		RETURNING id`, pgx.StrictNamedArgs{"kind": kind})
}

// WarnOfGuesses tells the member by mail, once a day at most, if several of the codes under the throttle were wrong within the
// hour.
func (db *DB) WarnOfGuesses(ctx context.Context, member int64, codes staff.Throttle, browser string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// In a statement of its own: the next one sees what the transaction that held the member before has told.
		if _, err := tx.Exec(ctx, `SELECT FROM members WHERE id = $1 FOR NO KEY UPDATE`, member); err != nil {
			return err
		}
		return db.deliver(ctx, tx, `
			INSERT INTO deliveries (member_id, kind, browser)
			SELECT @member, @kind, @browser
			WHERE (SELECT count(*) FROM throttle_attempts WHERE key = @key) >= @several
			  AND NOT EXISTS (
				SELECT FROM deliveries
				WHERE member_id = @member AND lead_id IS NULL AND kind = @kind AND made_at > clock() - interval '1 day')
			RETURNING id`, pgx.StrictNamedArgs{
			"member": member, "kind": staff.GuessNotice, "browser": browser, "key": codes.Key, "several": staff.GuessesNotified,
		})
	})
}

// readNotice reads what a mail about an account says. It leaves the notice as it is where the mail is not needed any more: it is
// too late, its link is used up, the member is disabled, or the inbox is empty again.
func readNotice(b *pgx.Batch, delivery int64, n *staff.Notice) {
	readMaybe(b, n, "notice", `
		SELECT d.kind, m.email, d.browser, d.made_at, clock() + @reset::interval AS ends_at, coalesce(d.salt, '') AS salt,
		       coalesce(i.sender, '') AS sender, coalesce(i.subject, '') AS subject
		FROM deliveries d
		JOIN members m ON m.id = d.member_id
		LEFT JOIN LATERAL (
			SELECT concat_ws(', ', nullif(sender_name, ''), nullif(sender_address, '')) AS sender, subject
			FROM messages WHERE lead_id IS NULL AND d.kind = @inbox ORDER BY id LIMIT 1
		) i ON true
		WHERE d.id = @id AND d.browser IS NOT NULL AND d.used_at IS NULL AND d.made_at + @limit::interval > clock()
		  AND m.disabled_at IS NULL AND (d.kind <> @inbox OR i IS NOT NULL)`,
		pgx.StrictNamedArgs{"inbox": staff.InboxNotice, "id": delivery, "limit": staff.NoticeLimit, "reset": staff.ResetLimit})
}
