package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// findAuthor sets in the email whether the prospect or a member wrote it. An email from the address of a member who can sign in
// is the member's, unless it is the lead's own address. An email to the team's address is always the team's.
func findAuthor(ctx context.Context, tx pgx.Tx, id int64, m *lead.Message, team bool) (err error) {
	defer wrap(&err, "author of an email")
	if m.MemberID, err = enabledMemberWith(ctx, tx, m.SenderAddress); err != nil {
		return err
	}
	if team {
		m.Kind = lead.MemberMail
		return nil
	}
	if m.MemberID == 0 {
		return nil
	}
	own, err := isAddressOf(ctx, tx, id, m.SenderAddress)
	if own {
		m.MemberID = 0
	} else {
		m.Kind = lead.MemberMail
	}
	return err
}

// enabledMemberWith returns the member with the address who can sign in, or 0.
func enabledMemberWith(ctx context.Context, q querier, address string) (id int64, err error) {
	if address == "" {
		return 0, nil
	}
	member, err := memberWith(ctx, q, address)
	if err != nil || member == 0 {
		return 0, err
	}
	err = q.QueryRow(ctx, `SELECT CASE WHEN disabled_at IS NULL THEN id ELSE 0 END FROM members WHERE id = $1`, member).Scan(&id)
	return id, err
}

// isAddressOf reports whether it is the address of the lead's prospect.
func isAddressOf(ctx context.Context, tx pgx.Tx, id int64, address string) (own bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM lead_contents WHERE lead_id = $1
		  AND lower(email) = ANY (ARRAY(SELECT lower(s) FROM unnest($2::text[]) s)))`, id, email.Spellings(address)).Scan(&own)
	return own, err
}

// emailArrived does what follows an email that was put on its lead. What a member wrote moves no clock: staff are only told, and
// only of the first that waits for a decision. A member's automatic answer to that would start a loop otherwise.
func (db *DB) emailArrived(ctx context.Context, tx pgx.Tx, h lockedLead, kind lead.MessageKind, message int64) error {
	if kind != lead.MemberMail {
		return db.prospectWrote(ctx, tx, h, message)
	}
	var others bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM messages WHERE lead_id = $1 AND kind = $2 AND id <> $3)`,
		h.ID, kind, message).Scan(&others)
	if err != nil || others {
		return err
	}
	return db.tellOfMessage(ctx, tx, h, message)
}

// KeepMail makes a member's email on the lead a note to the team. One that is a note already stays so.
func (db *DB) KeepMail(ctx context.Context, reference string, id, member int64) error {
	return db.onMemberMail(ctx, reference, id, func(tx pgx.Tx, h lockedLead) error {
		_, err := tx.Exec(ctx, `
			UPDATE messages SET kind = @note, member_id = coalesce(member_id, @member), key_digest = int8send(id) WHERE id = @id`,
			pgx.StrictNamedArgs{"note": lead.TeamMessage, "member": member, "id": id})
		if err != nil {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.TeamNoted, h.Status, actor(member))
	})
}

// RecogniseMail makes a member's email on the lead the prospect's: the member forwarded it. The clock of the answer counts from
// when it arrived. It no longer has the member's name.
func (db *DB) RecogniseMail(ctx context.Context, reference string, id, member int64) error {
	return db.onMemberMail(ctx, reference, id, func(tx pgx.Tx, h lockedLead) error {
		var at time.Time
		err := tx.QueryRow(ctx, `
			UPDATE messages SET kind = @mail, sender_name = CASE WHEN member_id IS NULL THEN sender_name ELSE '' END, member_id = NULL
			WHERE id = @id RETURNING at`, pgx.StrictNamedArgs{"mail": lead.MailMessage, "id": id}).Scan(&at)
		if err != nil {
			return err
		}
		if err := addHistory(ctx, tx, h.ID, lead.Recognised, h.Status, actor(member)); err != nil {
			return err
		}
		return awaitAnswerSince(ctx, tx, h.ID, at)
	})
}

// DismissMemberMail deletes a member's email on the lead.
func (db *DB) DismissMemberMail(ctx context.Context, reference string, id, member int64) error {
	return db.onMemberMail(ctx, reference, id, func(tx pgx.Tx, h lockedLead) error {
		if _, err := tx.Exec(ctx, `DELETE FROM messages WHERE id = $1`, id); err != nil {
			return err
		}
		if _, err := writeWords(ctx, tx, `c.lead_id = $1`, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.EmailDismissed, id)
	})
}

// onMemberMail does something to a member's email on the lead. It does nothing if someone has decided about the email before.
func (db *DB) onMemberMail(ctx context.Context, reference string, id int64, do func(tx pgx.Tx, h lockedLead) error) (err error) {
	defer wrap(&err, "email %d", id)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, reference)
		if err != nil {
			return err
		}
		if _, err = memberMail(ctx, tx, h, id); errors.Is(err, fault.NotFound) {
			return nil
		} else if err != nil {
			return err
		}
		return do(tx, h)
	})
}

// memberMail reads a member's email on a lead that the transaction has locked. It returns fault.NotFound for an unknown id.
func memberMail(ctx context.Context, tx pgx.Tx, h lockedLead, id int64) (lead.Message, error) {
	rows, _ := tx.Query(ctx, selectMessages+` WHERE m.id = $1 AND m.lead_id = $2 AND m.kind = $3`, id, h.ID, lead.MemberMail)
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[lead.Message])
	return m, mapError(err)
}
