package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// judge suspects a lead that has just arrived, if there is enough to suspect it for; fault.TooMany if its client address
// has sent as many as it may.
func judge(ctx context.Context, tx pgx.Tx, id int64, s Submission) (causes []lead.Cause, suspect bool, err error) {
	var c lead.Company
	err = tx.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM leads WHERE text_digest = $2 AND received_at > clock() - interval '7 days' AND id <> $1),
		       (SELECT count(*) FROM leads WHERE stamp_digest = $3 AND id <> $1),
		       (SELECT count(*) FROM leads WHERE client_digest = $4 AND received_at > clock() - interval '1 hour' AND id <> $1)`,
		id, s.Text, s.Stamp, s.Client).Scan(&c.SameText, &c.SameStamp, &c.FromClient)
	if err != nil {
		return nil, false, fmt.Errorf("company of lead %d: %w", id, err)
	}
	if c.FromClient >= lead.MaxFromClient {
		return nil, false, fault.TooMany
	}
	causes, suspect = lead.Suspect(s.Contents, s.Signs, c)
	if !suspect {
		return causes, false, nil
	}
	_, err = tx.Exec(ctx, `UPDATE leads SET suspect = true, causes = $2, place = 'none' WHERE id = $1`, id, causes)
	return causes, true, err
}

// Clear says for a member that a suspect is no spam: it gets a place as if it had never been one, by its first arrival, and
// its mails go out. One that is no suspect stays as it is.
func (db *DB) Clear(ctx context.Context, reference string, member int64) error {
	secret, err := db.Secret(ctx)
	if err != nil {
		return err
	}
	return db.changeSuspicion(ctx, reference, member, lead.Cleared, func(tx pgx.Tx, h held) error {
		return db.unquarantine(ctx, tx, h, secret)
	})
}

// Quarantine says for a member that a lead is spam: its place goes to the oldest waiting, and no mail about it goes out any
// more. One that is a suspect already stays as it is.
func (db *DB) Quarantine(ctx context.Context, reference string, member int64) error {
	return db.changeSuspicion(ctx, reference, member, lead.Suspected, func(tx pgx.Tx, h held) error {
		return quarantine(ctx, tx, h.id)
	})
}

// changeSuspicion changes a lead that is not yet as the kind of event says.
func (db *DB) changeSuspicion(ctx context.Context, reference string, member int64, kind lead.EventKind, change func(tx pgx.Tx, h held) error) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := hold(ctx, tx, reference)
		if err != nil || h.suspect == (kind == lead.Suspected) {
			return err
		}
		if err := change(tx, h); err != nil {
			return fmt.Errorf("lead %s: %w", reference, err)
		}
		return db.suspicionChanged(ctx, tx, h, kind, member)
	})
}

func (db *DB) suspicionChanged(ctx context.Context, tx pgx.Tx, h held, kind lead.EventKind, member int64) error {
	if err := addHistory(ctx, tx, h.id, kind, h.status, member); err != nil {
		return err
	}
	return db.settlePlaces(ctx, tx, h.id)
}

func quarantine(ctx context.Context, tx pgx.Tx, id int64) error {
	if err := releasePlace(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE leads SET suspect = true WHERE id = $1`, id)
	return err
}

func (db *DB) unquarantine(ctx context.Context, tx pgx.Tx, h held, secret []byte) error {
	place := lead.NoPlace
	if h.status.Open() {
		place = lead.Waitlist
	}
	if _, err := tx.Exec(ctx, `UPDATE leads SET suspect = false, place = $2 WHERE id = $1`, h.id, place); err != nil {
		return err
	}
	var email string
	err := tx.QueryRow(ctx, `SELECT email FROM lead_contents WHERE lead_id = $1`, h.id).Scan(&email)
	if errors.Is(err, pgx.ErrNoRows) || !h.status.Open() {
		return nil // erased or closed: there is nobody to write to
	}
	if err != nil {
		return err
	}
	confirm, err := mayConfirm(ctx, tx, lead.Form{Email: email}.AddressDigest(secret))
	if err != nil || !confirm {
		return errors.Join(err, db.announce(ctx, tx, h.id, lead.NewMail))
	}
	return db.announce(ctx, tx, h.id, lead.NewMail, lead.ConfirmationMail)
}
