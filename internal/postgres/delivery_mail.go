package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Mail is a delivery with what its mail says, all of it as it stood at one moment.
type Mail struct {
	Delivery   lead.Delivery
	Lead       lead.Lead
	Site       guide.Site
	Promise    lead.Promise
	Places     lead.Places
	Closed     lead.Closed
	Now        time.Time
	FollowUp   lead.FollowUp    // of lead.FollowUpMail
	Message    lead.Message     // that it carries or tells staff of; zero if none
	Before     []lead.Message   // of lead.ReplyMail: what others wrote to us before it, oldest first
	Mails      []lead.Delivery  // about the lead, oldest first
	Suspects   lead.NewSuspects // of lead.SuspectsMail
	Address    string           // of the member it goes to; "" if none, or one who is not told of leads any more
	Notice     staff.Notice     // of a mail about an account; zero if nobody needs it any more
	Invitation staff.Invitation // that it sends, in whatever state
}

// Due reports whether the mail is still to be sent.
func (m Mail) Due() bool {
	return m.Delivery.State == lead.Waiting && (!m.Delivery.AboutLead() || m.Delivery.Kind.StillNeeded(m.Lead, m.Now))
}

// ClaimDelivery reads a mail, or returns fault.NotFound. A mail about a lead to all staff that is still to be sent is first made
// one for each of them: for each editor and admin who can sign in, or for so many addresses of the settings, if there are any.
// Of what the prospect wrote only the lead's assignee is told, if it has one who is told of leads.
// The delivery becomes that of the first of them. Without a recipient it stays as it is.
func (db *DB) ClaimDelivery(ctx context.Context, id int64, addresses int) (m Mail, err error) {
	var b pgx.Batch
	var others []int64
	b.BeginTx(recording)
	queueRecipients(&b, id, addresses, &others)
	readMail(&b, id, &m)
	results := db.pool.SendBatch(ctx, &b)
	tx := results.Tx()
	defer func() { _ = tx.Rollback(ctx) }()
	if err := results.Close(); err != nil || !m.Due() {
		return m, mapError(err)
	}
	if err := db.enqueue(ctx, tx, others); err != nil {
		return m, mapError(err)
	}
	return m, mapError(tx.Commit(ctx))
}

// queueRecipients gives a delivery about a lead to all staff its first recipient, and the others deliveries of their own.
func queueRecipients(b *pgx.Batch, id int64, addresses int, others *[]int64) {
	readList(b, others, "recipients", `
		WITH assignee AS (
			SELECT m.id FROM deliveries d JOIN leads l ON l.id = d.lead_id JOIN members m ON m.id = l.assignee_id
			WHERE d.id = @id AND d.kind = @note AND `+toldOfLeads+`
		), recipients AS (
			SELECT row_number() OVER (ORDER BY member, address) AS number, member, address
			FROM (
				SELECT id AS member, NULL::integer AS address FROM assignee
				UNION ALL
				SELECT id, NULL FROM members m WHERE `+toldOfLeads+` AND @addresses = 0 AND NOT EXISTS (SELECT FROM assignee)
				UNION ALL
				SELECT NULL, generate_series(1, @addresses) WHERE NOT EXISTS (SELECT FROM assignee)
			) everybody
		), first AS (
			UPDATE deliveries d SET member_id = r.member, staff_address = r.address
			FROM recipients r
			WHERE d.id = @id AND d.state = 'waiting' AND d.lead_id IS NOT NULL AND d.kind <> ALL (@prospect)
			  AND d.member_id IS NULL AND d.staff_address IS NULL AND r.number = 1
			RETURNING d.lead_id, d.kind, d.message_id, d.made_at
		)
		INSERT INTO deliveries (lead_id, kind, message_id, made_at, member_id, staff_address)
		SELECT f.lead_id, f.kind, f.message_id, f.made_at, r.member, r.address FROM first f, recipients r WHERE r.number > 1
		RETURNING id`, pgx.StrictNamedArgs{"id": id, "addresses": addresses, "prospect": lead.ProspectMails, "note": lead.NoteMail})
}

// readMail reads what the mail of a delivery says. Of a lead, a notice and an invitation it reads the one that there is.
func readMail(b *pgx.Batch, id int64, m *Mail) {
	this := pgx.StrictNamedArgs{"id": id}
	readRow(b, &m.Delivery, fmt.Sprintf("delivery %d", id), selectDeliveries+` WHERE d.id = @id`, this)
	l := ofDelivery(id)
	readMaybe(b, &m.Lead, "lead", selectLeads(`leads`, wholeLead)+l.condition, l.args)
	readRow(b, &m.Site, "site", selectSite, nil)
	readPromise(b, &m.Promise)
	readPlaces(b, &m.Places)
	readClosed(b, &m.Closed)
	readNow(b, &m.Now)
	readFollowUp(b, l, &m.FollowUp)
	readMaybe(b, &m.Message, "message", selectMessages+` JOIN deliveries d ON d.message_id = m.id WHERE d.id = @id`, this)
	readBefore(b, id, &m.Before)
	readDeliveries(b, l, &m.Mails)
	readSuspectsTold(b, id, &m.Suspects)
	queueRows(b, "recipient", pgx.RowTo[string], first(&m.Address, nil),
		`SELECT m.email FROM deliveries d JOIN members m ON m.id = d.member_id WHERE d.id = @id AND `+toldOfLeads, this)
	readNotice(b, id, &m.Notice)
	readMaybe(b, &m.Invitation, "invitation", selectInvitations+`d.id = @id`,
		pgx.StrictNamedArgs{"id": id, "limit": staff.InvitationLimit})
}

// maxBefore bounds how many messages are read for the quote below a reply.
const maxBefore = 100

// readBefore reads what reached us about a lead before the reply that the delivery carries, oldest first.
func readBefore(b *pgx.Batch, delivery int64, before *[]lead.Message) {
	readRows(b, before, "messages before a reply", `SELECT * FROM (`+selectMessages+`
		JOIN messages r ON r.lead_id = m.lead_id JOIN deliveries d ON d.message_id = r.id
		WHERE d.id = @id AND r.kind = @reply AND m.kind IN (@note, @mail) AND (m.at, m.id) < (r.at, r.id)
		ORDER BY m.at DESC, m.id DESC LIMIT @most) newest ORDER BY at, id`, pgx.StrictNamedArgs{
		"id": delivery, "reply": lead.ReplyMessage, "note": lead.NoteMessage, "mail": lead.MailMessage, "most": maxBefore,
	})
}

// toldOfLeads is the condition of members m who are told of leads.
const toldOfLeads = `m.role IN ('editor', 'admin') AND m.disabled_at IS NULL`

// RecordOutcome says how an attempt to send a waiting delivery went: it is sent, failed for good, or waits for another attempt.
// A delivery that is dropped had no attempt. It reports whether its lead is erased.
func (db *DB) RecordOutcome(ctx context.Context, id int64, state lead.DeliveryState, problem lead.Problem, code int) (
	erased bool, err error,
) {
	defer wrap(&err, "delivery %d", id)
	err = db.pool.QueryRow(ctx, `
		WITH recorded AS (
			UPDATE deliveries
			SET state = @state, problem = @problem, code = @code, ended_at = CASE WHEN @state <> 'waiting' THEN clock() END,
			    tried_at = CASE WHEN @state = 'dropped' THEN tried_at ELSE clock() END,
			    attempts = attempts + CASE WHEN @state = 'dropped' THEN 0 ELSE 1 END
			WHERE id = @id AND state = 'waiting'
		)
		SELECT coalesce(l.status = 'erased', false) FROM deliveries d LEFT JOIN leads l ON l.id = d.lead_id WHERE d.id = @id`,
		pgx.StrictNamedArgs{"id": id, "state": state, "problem": problem, "code": code}).Scan(&erased)
	return erased, err
}
