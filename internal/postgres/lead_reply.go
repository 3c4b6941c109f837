package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// Reply has what a member wrote go out to the prospect by mail, once for each press of the button. The first reply stops
// the clock, at the database's time, and takes a new lead to contacted. It returns fault.Conflict if something decisive happened
// that the member has not seen, and fault.Forbidden for a lead that is suspect or erased; the member's draft is then kept.
func (db *DB) Reply(ctx context.Context, a lead.Act, press []byte, text string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, a.Reference)
		if err != nil {
			return err
		}
		var sent bool
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM replies WHERE key_digest = $1)`, press).Scan(&sent)
		if err != nil || sent {
			return err
		}
		if h.Suspect || h.Status == lead.Erased {
			return fmt.Errorf("a reply to lead %s: %w", a.Reference, fault.Forbidden)
		}
		if err := requireSeen(ctx, tx, h, a); err != nil {
			return err
		}
		return db.reply(ctx, tx, h, a.Member, press, text)
	})
}

func (db *DB) reply(ctx context.Context, tx pgx.Tx, h lockedLead, member int64, press []byte, text string) error {
	status := h.Status
	if status == lead.New {
		status = lead.Contacted
	}
	err := db.deliver(ctx, tx, `
		WITH written AS (
			INSERT INTO replies (lead_id, member_id, key_digest, text) VALUES (@lead, @member, @press, @text) RETURNING id
		), answered AS (
			UPDATE leads SET status = @status, answered_at = coalesce(answered_at, clock()) WHERE id = @lead
		), drafted AS (
			DELETE FROM reply_drafts WHERE lead_id = @lead AND member_id = @member
		)
		INSERT INTO deliveries (lead_id, kind, reply_id) SELECT @lead, @kind, id FROM written RETURNING id`,
		pgx.StrictNamedArgs{
			"lead": h.ID, "member": member, "press": press, "text": text, "status": status, "kind": lead.ReplyMail,
		})
	if err != nil {
		return fmt.Errorf("reply to lead %d: %w", h.ID, err)
	}
	if err := addWords(ctx, tx, h.ID, text); err != nil {
		return err
	}
	return addHistory(ctx, tx, h.ID, lead.Replied, status, actor(member))
}

const selectReplies = `
	SELECT r.id, r.at, r.text, m.name AS member, m.email, m.signature FROM replies r JOIN members m ON m.id = r.member_id`

// readReplies reads what was written to the prospect, oldest first.
func readReplies(b *pgx.Batch, where leadCondition, replies *[]lead.Reply) {
	readRows(b, replies, "replies to a lead",
		selectReplies+` JOIN leads l ON l.id = r.lead_id WHERE `+where.condition+` ORDER BY r.id`, where.args)
}

// SaveDraft keeps what a member has typed of a reply; nothing typed deletes it. An erased lead takes none: fault.NotFound.
func (db *DB) SaveDraft(ctx context.Context, reference string, member int64, text string) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		// The lock has an erasure wait for the draft, or the draft see the erasure.
		var id int64
		err := tx.QueryRow(ctx, `SELECT id FROM leads WHERE reference = $1 AND status <> 'erased' FOR SHARE`, reference).Scan(&id)
		if err != nil {
			return err
		}
		if text == "" {
			_, err = tx.Exec(ctx, `DELETE FROM reply_drafts WHERE lead_id = $1 AND member_id = $2`, id, member)
			return err
		}
		// One that comes after its own reply is of a script that was still at it.
		_, err = tx.Exec(ctx, `
			INSERT INTO reply_drafts (lead_id, member_id, text)
			SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM replies WHERE lead_id = $1 AND member_id = $2 AND text = $3)
			ON CONFLICT (lead_id, member_id) DO UPDATE SET text = $3, at = clock()`, id, member, text)
		return err
	})
}

// readDrafts reads the replies that members have begun.
func readDrafts(b *pgx.Batch, where leadCondition, drafts *[]lead.Draft) {
	readRows(b, drafts, "drafts on a lead", `
		SELECT d.member_id, m.name AS member, d.at, d.text
		FROM reply_drafts d JOIN leads l ON l.id = d.lead_id JOIN members m ON m.id = d.member_id
		WHERE `+where.condition+` ORDER BY d.at`, where.args)
}
