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
	return db.changeSuspicion(ctx, reference, member, lead.Cleared, true, func(tx pgx.Tx, id int64, status lead.Status) error {
		place := lead.NoPlace
		if status.Open() {
			place = lead.Waitlist
		}
		if _, err := tx.Exec(ctx, `UPDATE leads SET suspect = false, place = $2 WHERE id = $1`, id, place); err != nil {
			return err
		}
		var email string
		err := tx.QueryRow(ctx, `SELECT email FROM lead_contents WHERE lead_id = $1`, id).Scan(&email)
		if errors.Is(err, pgx.ErrNoRows) || !status.Open() {
			return nil // erased or closed: there is nobody to write to
		}
		if err != nil {
			return err
		}
		confirm, err := mayConfirm(ctx, tx, lead.Form{Email: email}.AddressDigest(secret))
		if err != nil || !confirm {
			return errors.Join(err, db.announce(ctx, tx, id, lead.NewMail))
		}
		return db.announce(ctx, tx, id, lead.NewMail, lead.ConfirmationMail)
	})
}

// Quarantine says for a member that a lead is spam: its place goes to the oldest waiting, and no mail about it goes out any
// more. One that is a suspect already stays as it is.
func (db *DB) Quarantine(ctx context.Context, reference string, member int64) error {
	return db.changeSuspicion(ctx, reference, member, lead.Suspected, false, func(tx pgx.Tx, id int64, _ lead.Status) error {
		if err := releasePlace(ctx, tx, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE leads SET suspect = true WHERE id = $1`, id)
		return err
	})
}

// changeSuspicion changes a lead whose suspicion is as was says, and settles places.
func (db *DB) changeSuspicion(ctx context.Context, reference string, member int64, kind lead.EventKind, was bool,
	change func(tx pgx.Tx, id int64, status lead.Status) error,
) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var id int64
		var status lead.Status
		var suspect bool
		err := tx.QueryRow(ctx, `SELECT id, status, suspect FROM leads WHERE reference = $1 FOR NO KEY UPDATE`, reference).
			Scan(&id, &status, &suspect)
		if err != nil || suspect != was {
			return err
		}
		if err := change(tx, id, status); err != nil {
			return fmt.Errorf("lead %s: %w", reference, err)
		}
		if err := addHistory(ctx, tx, id, kind, status, member); err != nil {
			return err
		}
		return db.settlePlaces(ctx, tx, id)
	})
}
