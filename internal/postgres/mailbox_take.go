package postgres

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// MailPlace says where an email lies.
type MailPlace struct {
	Mailbox  []byte
	Validity uint32
	UID      uint32
}

// IncomingMail is an email that a person wrote.
type IncomingMail struct {
	lead.Message
	Keys     []MailKey // one for each lead that it is for, or one for none
	AnswerTo []byte    // lead.TooLargeDigest of the sender if the email was too large to read and may be answered
	Team     bool      // it was sent to the address of the team
}

// MailKey is what an email is known by: a second one with the same key is the same email.
type MailKey struct {
	Lead   int64 // 0 for none
	Digest []byte
}

// TakenMail counts where an email went to. Nowhere means that it was taken before.
type TakenMail struct{ Leads, Inbox int }

// TakeMail stores an email once: on each lead that it is for, or in the inbox if one of them is erased or it is for none. That it
// was taken is stored in the same transaction, also how far the mailbox was read.
func (db *DB) TakeMail(ctx context.Context, at MailPlace, m IncomingMail) (took TakenMail, err error) {
	defer wrap(&err, "email %d", at.UID)
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		now, fresh, err := passMail(ctx, tx, at)
		if err != nil || !fresh {
			return err
		}
		if m.At.IsZero() || m.At.After(now) {
			m.At = now
		}
		slices.SortFunc(m.Keys, func(a, b MailKey) int { return int(a.Lead - b.Lead) })
		unclaimed, erased := false, false
		for _, key := range m.Keys {
			fresh, err := receiveOnce(ctx, tx, key.Digest)
			if err != nil {
				return err
			}
			if !fresh {
				continue
			}
			claimed, err := db.claimMail(ctx, tx, key.Lead, m)
			if err != nil {
				return err
			}
			if claimed {
				took.Leads++
			}
			unclaimed, erased = unclaimed || !claimed, erased || !claimed && key.Lead != 0
		}
		if unclaimed {
			took.Inbox = 1
			if err := keepUnclaimed(ctx, tx, m.Message, erased); err != nil {
				return err
			}
			return db.notifyInbox(ctx, tx)
		}
		return nil
	})
	return took, err
}

// PassMail notes that an email needs nothing: a program wrote it.
func (db *DB) PassMail(ctx context.Context, at MailPlace) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, _, err := passMail(ctx, tx, at)
		return err
	})
}

// TakeAutomatic notes on each of the leads, once a day, that a program answered, as the event says. Nobody has to answer that.
func (db *DB) TakeAutomatic(ctx context.Context, at MailPlace, leads []int64, what lead.EventKind) (err error) {
	defer wrap(&err, "automatic email %d", at.UID)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, fresh, err := passMail(ctx, tx, at); err != nil || !fresh || len(leads) == 0 {
			return err
		}
		found, err := lockLeads(ctx, tx, leadCondition{
			`l.id = ANY (@leads) AND l.status <> 'erased' AND NOT EXISTS (
				SELECT FROM lead_history h WHERE h.lead_id = l.id AND h.kind = @kind AND h.at > clock() - interval '1 day')`,
			pgx.StrictNamedArgs{"leads": leads, "kind": what},
		})
		if err != nil || len(found) == 0 {
			return err
		}
		_, err = addEvents(ctx, tx, event{
			kind: what, by: byNoStaff, leads: idsOf(found), statuses: statusesOf(found),
		})
		return err
	})
}

// passMail moves on how far the mailbox was read. It reports whether the email is new; another instance may have taken it.
func passMail(ctx context.Context, tx pgx.Tx, at MailPlace) (now time.Time, fresh bool, err error) {
	err = tx.QueryRow(ctx, `
		UPDATE mailboxes SET last_uid = @uid, read_at = clock() WHERE id = @id AND uid_validity = @validity AND last_uid < @uid
		RETURNING clock()`,
		pgx.StrictNamedArgs{"id": at.Mailbox, "validity": int64(at.Validity), "uid": int64(at.UID)}).Scan(&now)
	if errors.Is(err, pgx.ErrNoRows) {
		return now, false, nil
	}
	return now, err == nil, err
}

// receiveOnce reports whether no email with the digest was taken before, and notes that this one is.
func receiveOnce(ctx context.Context, tx pgx.Tx, digest []byte) (fresh bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO received_mails (digest) VALUES ($1) ON CONFLICT DO NOTHING`, digest)
	return tag.RowsAffected() > 0, err
}

// claimMail puts the email on the lead. It reports whether there is one that can take it.
func (db *DB) claimMail(ctx context.Context, tx pgx.Tx, id int64, m IncomingMail) (claimed bool, err error) {
	if id == 0 {
		return false, nil
	}
	h, err := lockOneLead(ctx, tx, leadCondition{`l.id = @id`, pgx.StrictNamedArgs{"id": id}})
	if errors.Is(err, fault.NotFound) || err == nil && h.Status == lead.Erased {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := findAuthor(ctx, tx, h.ID, &m.Message, m.Team); err != nil {
		return false, err
	}
	message, err := insertMessage(ctx, tx, h, m.Message)
	if err != nil {
		return false, err
	}
	if err := db.emailArrived(ctx, tx, h, m.Kind, message); err != nil {
		return false, err
	}
	if m.AnswerTo == nil || h.Suspect || m.Kind == lead.MemberMail {
		return true, nil
	}
	return true, db.deliver(ctx, tx, `
		WITH confirmed AS (`+insertConfirmation+`)
		INSERT INTO deliveries (lead_id, kind, message_id) SELECT @lead::bigint, @kind, @message::bigint FROM confirmed RETURNING id`,
		pgx.StrictNamedArgs{"lead": h.ID, "addresses": [][]byte{m.AnswerTo}, "kind": lead.TooLargeMail, "message": message})
}

// keepUnclaimed stores an email that no lead claims, in some cases since its lead is erased.
func keepUnclaimed(ctx context.Context, tx pgx.Tx, m lead.Message, erased bool) error {
	m.Kind = lead.MailMessage
	id, err := storeMessage(ctx, tx, 0, m)
	if err != nil || !erased {
		return err
	}
	return record(ctx, tx, 0, staff.EmailOfErased, id)
}
