package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Inbox is what the page of the inbox shows.
type Inbox struct {
	Mails []lead.InboxLine // newest first
	Queue lead.Queue
	Days  int // that its emails are kept; 0 for always
}

// firstOfMail is how many characters of an email the inbox shows.
const firstOfMail = 160

// senderMember is the name of the member whose address an email m in the inbox comes from, an empty text for none.
const senderMember = `coalesce((
	SELECT name FROM members w WHERE w.disabled_at IS NULL AND lower(w.email) = lower(m.sender_address) LIMIT 1), '')`

// whyInInbox is the lead.InboxReason of an email m: the last entry in the audit that put it there.
const whyInInbox = `coalesce((
	SELECT CASE kind WHEN '` + string(staff.EmailDetached) + `' THEN 'moved' ELSE 'erased' END FROM audit a
	WHERE a.kind IN ('` + string(staff.EmailDetached) + `', '` + string(staff.EmailOfErased) + `')
	  AND a.object = 'email' AND a.object_id = m.id ORDER BY a.id DESC LIMIT 1), '')`

// Inbox records that the member is about to see the inbox, as RecordList does, and reads it: at most most emails.
func (db *DB) Inbox(ctx context.Context, member int64, most int) (i Inbox, err error) {
	err = db.send(ctx, recording, func(b *pgx.Batch) {
		queueRecord(b, member, staff.InboxListed)
		readRows(b, &i.Mails, "inbox", `
			SELECT id, at, sender_name, sender_address, left(subject, @first) AS subject, left(text, @first) AS text,
			       `+senderMember+` AS member, `+whyInInbox+` AS why
			FROM messages m WHERE lead_id IS NULL ORDER BY id DESC LIMIT @most`,
			pgx.StrictNamedArgs{"first": firstOfMail, "most": most})
		readQueue(b, &i.Queue)
		readValue(b, &i.Days, "retention", `SELECT keep_suspect FROM promise`, nil)
	})
	return i, err
}

// InboxMail is what the page of an email that no lead claims shows.
type InboxMail struct {
	lead.Message
	Reference string // of the lead that it was added to meanwhile; then all else is zero
	Why       lead.InboxReason
	ByMember  string         // the member whose address it comes from; "" for none
	Suggested []lead.Earlier // leads with the address of its sender, newest first
	Queue     lead.Queue
}

// InboxMail records that the member is about to see an email of the inbox, and reads it. It returns fault.NotFound if there is
// none with the id, or it was dismissed.
func (db *DB) InboxMail(ctx context.Context, id, member int64) (m InboxMail, err error) {
	var sender string
	err = db.pool.QueryRow(ctx, `
		WITH this AS (
			SELECT m.id, m.sender_address, coalesce(l.reference, '') AS reference
			FROM messages m LEFT JOIN leads l ON l.id = m.lead_id WHERE m.id = @id AND m.kind = @kind
		), viewed AS (
			INSERT INTO audit (member_id, kind, object, object_id) SELECT @member, @act, @object, id FROM this WHERE reference = ''
		)
		SELECT sender_address, reference FROM this`, pgx.StrictNamedArgs{
		"id": id, "kind": lead.MailMessage, "member": member, "act": staff.EmailViewed, "object": staff.EmailViewed.Object(),
	}).Scan(&sender, &m.Reference)
	if err != nil || m.Reference != "" {
		return m, unrecorded(mapError(err))
	}
	var spellings []string
	if sender != "" {
		spellings = email.Spellings(sender)
	}
	err = db.read(ctx, func(b *pgx.Batch) {
		readRow(b, &m.Message, "email", selectMessages+` WHERE m.id = @id`, pgx.StrictNamedArgs{"id": id})
		readValue(b, &m.ByMember, "email", `SELECT `+senderMember+` FROM messages m WHERE id = @id`, pgx.StrictNamedArgs{"id": id})
		readValue(b, &m.Why, "email", `SELECT `+whyInInbox+` FROM messages m WHERE id = @id`, pgx.StrictNamedArgs{"id": id})
		readEarlier(b, "", spellings, &m.Suggested)
		readQueue(b, &m.Queue)
	})
	return m, err
}

// MailFate returns what became of the email with the id. It returns fault.NotFound if nothing is known of it.
func (db *DB) MailFate(ctx context.Context, id int64) (f lead.MailFate, err error) {
	var act staff.ActKind
	err = db.pool.QueryRow(ctx, `
		SELECT coalesce(l.reference, ''), coalesce(d.kind, ''), coalesce(w.name, ''), coalesce(d.at, 'epoch')
		FROM (VALUES (@id::bigint)) AS this (id)
		LEFT JOIN messages m ON m.id = this.id
		LEFT JOIN leads l ON l.id = m.lead_id
		LEFT JOIN LATERAL (
			SELECT kind, member_id, at FROM audit a
			WHERE a.kind IN (@attached, @dismissed) AND a.object = @object AND a.object_id = this.id ORDER BY a.id DESC LIMIT 1
		) d ON true
		LEFT JOIN members w ON w.id = d.member_id`,
		pgx.StrictNamedArgs{
			"id": id, "attached": staff.EmailAttached, "dismissed": staff.EmailDismissed, "object": staff.EmailDismissed.Object(),
		}).Scan(&f.Reference, &act, &f.By, &f.At)
	if f.Dismissed = act == staff.EmailDismissed; err == nil && f.Reference == "" && !f.Dismissed {
		err = pgx.ErrNoRows
	}
	if act == "" {
		f.At = time.Time{}
	}
	return f, mapError(err)
}

// AttachMail puts an email of the inbox on the lead with the reference, for a member, and does what has to follow as if it had
// arrived there. It returns the reference of the lead that the email is on: another one if somebody was faster. It returns
// fault.NotFound without such an email, fault.Gone without such a lead and fault.Forbidden for an erased one.
func (db *DB) AttachMail(ctx context.Context, id int64, reference string, member int64) (on string, err error) {
	defer wrap(&err, "email %d", id)
	err = db.retryInTx(ctx, func(tx pgx.Tx) error {
		on, err = db.attachMail(ctx, tx, id, reference, member)
		return err
	})
	return on, err
}

func (db *DB) attachMail(ctx context.Context, tx pgx.Tx, id int64, reference string, member int64) (on string, err error) {
	h, err := lockLead(ctx, tx, reference)
	if errors.Is(err, fault.NotFound) {
		return "", fault.Gone
	}
	if err != nil {
		return "", err
	}
	if h.Status == lead.Erased {
		return "", fault.Forbidden
	}
	rows, _ := tx.Query(ctx, selectMessages+` WHERE m.id = $1 AND m.lead_id IS NULL FOR UPDATE OF m`, id)
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lead.Message])
	if errors.Is(err, pgx.ErrNoRows) {
		err = tx.QueryRow(ctx, `SELECT l.reference FROM messages m JOIN leads l ON l.id = m.lead_id WHERE m.id = $1`, id).Scan(&on)
		return on, err
	}
	if err != nil {
		return "", err
	}
	if err := findAuthor(ctx, tx, h.ID, &m, false); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `UPDATE messages SET lead_id = @lead, kind = @kind, member_id = nullif(@member::bigint, 0) WHERE id = @id`,
		pgx.StrictNamedArgs{"id": id, "lead": h.ID, "kind": m.Kind, "member": m.MemberID})
	if err != nil {
		return "", err
	}
	if err := addWords(ctx, tx, h.ID, m.Text, m.Subject, m.SenderName, m.SenderAddress); err != nil {
		return "", err
	}
	if err := db.emailArrived(ctx, tx, h, m.Kind, id); err != nil {
		return "", err
	}
	return h.Reference, record(ctx, tx, member, staff.EmailAttached, id)
}

// DetachMail moves an email from the lead with the reference to the inbox, for a member: it belonged to another one. Whether the
// lead still needs an answer is up to the member. It returns fault.NotFound without such an email on the lead.
func (db *DB) DetachMail(ctx context.Context, id int64, reference string, member int64) (err error) {
	defer wrap(&err, "email %d", id)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, reference)
		if err != nil {
			return err
		}
		err = execOne(ctx, tx, `
			UPDATE messages SET lead_id = NULL, kind = @mail, member_id = NULL
			WHERE id = @id AND lead_id = @lead AND kind IN (@mail, @member)`,
			pgx.StrictNamedArgs{"id": id, "lead": h.ID, "mail": lead.MailMessage, "member": lead.MemberMail})
		if err != nil {
			return err
		}
		if _, err := writeWords(ctx, tx, `c.lead_id = $1`, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.EmailDetached, id)
	})
}

// DismissMail deletes an email of the inbox, for a member. One that is gone already stays so.
func (db *DB) DismissMail(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM messages WHERE id = $1 AND lead_id IS NULL`, id)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		if err := record(ctx, tx, member, staff.EmailDismissed, id); err != nil {
			return fmt.Errorf("dismissal: %w", err)
		}
		return nil
	})
}
