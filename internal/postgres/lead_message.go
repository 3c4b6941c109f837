package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

const selectMessages = `
	SELECT m.id, m.kind, m.at, m.text, coalesce(m.member_id, 0) AS member_id, coalesce(w.name, '') AS member,
	       coalesce(w.email, '') AS email, coalesce(w.signature, '') AS signature,
	       m.sender_name, m.sender_address, m.subject, m.quoted, m.parts, m.message_id
	FROM messages m LEFT JOIN members w ON w.id = m.member_id`

// readMessages reads the conversation of a lead, oldest first: the kinds, or all of it if none is named.
func readMessages(b *pgx.Batch, where leadCondition, messages *[]lead.Message, kinds ...lead.MessageKind) {
	args := maps.Clone(where.args)
	args["kinds"] = kinds
	readRows(b, messages, "messages of a lead", selectMessages+` JOIN leads l ON l.id = m.lead_id
		WHERE `+where.condition+` AND (@kinds::text[] IS NULL OR m.kind = ANY (@kinds)) ORDER BY m.at, m.id`, args)
}

// insertMessage stores a message about a lead that the transaction has locked. Staff then find the lead by it. Without a time it
// is of now. It returns 0 if a message of the same kind and key is stored already: a button was pressed twice. It returns
// fault.Forbidden for an erased lead.
func insertMessage(ctx context.Context, tx pgx.Tx, h lockedLead, m lead.Message) (id int64, err error) {
	if h.Status == lead.Erased {
		return 0, fmt.Errorf("a message about lead %s: %w", h.Reference, fault.Forbidden)
	}
	if id, err = storeMessage(ctx, tx, h.ID, m); err != nil || id == 0 {
		return id, err
	}
	return id, addWords(ctx, tx, h.ID, m.Text, m.Subject, m.SenderName, m.SenderAddress)
}

// storeMessage stores a message about the lead with the id, or in the inbox for 0. It returns 0 as insertMessage does.
func storeMessage(ctx context.Context, tx pgx.Tx, leadID int64, m lead.Message) (id int64, err error) {
	var at *time.Time
	if !m.At.IsZero() {
		at = &m.At
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO messages (lead_id, kind, member_id, key_digest, at, text, sender_name, sender_address, subject, quoted, parts,
		                      message_id)
		VALUES (nullif(@lead::bigint, 0), @kind, nullif(@member::bigint, 0), @key, coalesce(@at, clock()), @text, @name, @address,
		        @subject, @quoted, coalesce(@parts::jsonb, '[]'), @message)
		ON CONFLICT DO NOTHING
		RETURNING id`, pgx.StrictNamedArgs{
		"lead": leadID, "kind": m.Kind, "member": m.MemberID, "key": m.Key, "at": at, "text": m.Text, "name": m.SenderName,
		"address": m.SenderAddress, "subject": m.Subject, "quoted": m.Quoted, "parts": m.Parts, "message": m.MessageID,
	}).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("message about lead %d: %w", leadID, err)
	}
	return id, nil
}

// addProspectMessage stores what the prospect wrote about a lead that the transaction has locked: once for each key, and each
// time without one. It does what has to follow, as in prospectWrote. It returns fault.Forbidden for an erased lead; whether a
// withdrawn one takes it is up to the caller.
func (db *DB) addProspectMessage(ctx context.Context, tx pgx.Tx, h lockedLead, m lead.Message) error {
	id, err := insertMessage(ctx, tx, h, m)
	if err != nil || id == 0 {
		return err
	}
	return db.prospectWrote(ctx, tx, h, id)
}

// prospectWrote does what follows once a message from the prospect is stored on their lead: the history says so, the lead needs
// an answer again, and staff are told.
func (db *DB) prospectWrote(ctx context.Context, tx pgx.Tx, h lockedLead, message int64) error {
	if err := addHistory(ctx, tx, h.ID, lead.Noted, h.Status, byNoStaff); err != nil {
		return err
	}
	if err := awaitAnswer(ctx, tx, h.ID); err != nil {
		return err
	}
	return db.tellOfMessage(ctx, tx, h, message)
}

// tellOfMessage has staff told of a message about the lead that reached us.
func (db *DB) tellOfMessage(ctx context.Context, tx pgx.Tx, h lockedLead, message int64) error {
	return db.deliver(ctx, tx, `
		INSERT INTO deliveries (lead_id, kind, message_id) VALUES (@lead, @kind, @message) RETURNING id`,
		pgx.StrictNamedArgs{"lead": h.ID, "kind": lead.NoteMail, "message": message})
}

// isStored reports whether the lead has a message of the kind and key already.
func isStored(ctx context.Context, tx pgx.Tx, h lockedLead, kind lead.MessageKind, key []byte) (stored bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM messages WHERE lead_id = $1 AND kind = $2 AND key_digest = $3)`,
		h.ID, kind, key).Scan(&stored)
	return stored, err
}

// awaitAnswer starts the second clock of a lead, unless it runs already or the first reply is still due.
func awaitAnswer(ctx context.Context, tx pgx.Tx, id int64) error {
	return awaitAnswerSince(ctx, tx, id, time.Time{})
}

// awaitAnswerSince is awaitAnswer for a message that arrived at the time; the zero time is now.
func awaitAnswerSince(ctx context.Context, tx pgx.Tx, id int64, at time.Time) error {
	var since *time.Time
	if !at.IsZero() {
		since = &at
	}
	_, err := tx.Exec(ctx, `
		UPDATE leads SET awaiting_since = coalesce(@since, clock()), reminded = 0,
		                 answer_due_at = reply_due(answer_hours, coalesce(@since, clock()))
		FROM promise
		WHERE id = @id AND coalesce(awaiting_since > @since, awaiting_since IS NULL)
		  AND NOT (status = 'new' AND answered_at IS NULL)`, pgx.StrictNamedArgs{"id": id, "since": since})
	if err != nil {
		return fmt.Errorf("second clock of lead %d: %w", id, err)
	}
	return nil
}

// answered writes that a member answered the prospect, by the event that says how. The first answer stops the clock, at the
// database's time, and moves a new lead to contacted. Each one stops the second clock.
func answered(ctx context.Context, tx pgx.Tx, h lockedLead, how lead.EventKind, member int64) error {
	status := h.Status
	if status == lead.New {
		status = lead.Contacted
	}
	_, err := tx.Exec(ctx, `
		UPDATE leads SET status = $2, answered_at = coalesce(answered_at, clock()), awaiting_since = NULL, answer_due_at = NULL
		WHERE id = $1`, h.ID, status)
	if err != nil {
		return fmt.Errorf("answer to lead %d: %w", h.ID, err)
	}
	return addHistory(ctx, tx, h.ID, how, status, actor(member))
}
