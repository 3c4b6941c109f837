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
// that the member has not seen, and fault.Forbidden for a lead that is suspect, erased or without an address; the member's
// draft is then kept.
func (db *DB) Reply(ctx context.Context, a lead.Act, press []byte, text string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, a.Reference)
		if err != nil {
			return err
		}
		sent, err := isStored(ctx, tx, h, lead.ReplyMessage, press)
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
	var address string
	if err := tx.QueryRow(ctx, `SELECT email FROM lead_contents WHERE lead_id = $1`, h.ID).Scan(&address); err != nil {
		return err
	}
	if address == "" {
		return fmt.Errorf("lead %s has no email address for a reply: %w", h.Reference, fault.Forbidden)
	}
	message, err := insertMessage(ctx, tx, h, lead.Message{Kind: lead.ReplyMessage, MemberID: member, Key: press, Text: text})
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM reply_drafts WHERE lead_id = $1 AND member_id = $2`, h.ID, member); err != nil {
		return fmt.Errorf("draft on lead %d: %w", h.ID, err)
	}
	err = db.deliver(ctx, tx, `
		INSERT INTO deliveries (lead_id, kind, message_id) VALUES (@lead, @kind, @message) RETURNING id`,
		pgx.StrictNamedArgs{"lead": h.ID, "kind": lead.ReplyMail, "message": message})
	if err != nil {
		return err
	}
	if h.AssigneeID == nil {
		if _, err := assign(ctx, tx, []lockedLead{h}, []int64{member}, member); err != nil {
			return err
		}
	}
	return answered(ctx, tx, h, lead.Replied, member)
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
		// A draft with the text of a sent reply came late from the script, after the reply was sent.
		_, err = tx.Exec(ctx, `
			INSERT INTO reply_drafts (lead_id, member_id, text)
			SELECT $1, $2, $3 WHERE NOT EXISTS (
				SELECT FROM messages WHERE lead_id = $1 AND kind = 'reply' AND member_id = $2 AND text = $3)
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
