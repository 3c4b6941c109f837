package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// judge suspects a lead that has just arrived, if there is enough to suspect it for; fault.TooMany if its client address
// has sent as many as it may.
func judge(ctx context.Context, tx pgx.Tx, id int64, s Submission) (causes []lead.Cause, suspect bool, err error) {
	var c lead.RecentActivity
	err = tx.QueryRow(ctx, `
		SELECT text.*, stamp.*,
		       (SELECT count(*) FROM leads WHERE client_digest = $4 AND received_at > clock() - interval '1 hour' AND id <> $1)
		FROM `+repeatsOf(`l.text_digest = $2 AND l.received_at > clock() - interval '7 days'`)+` text,
		     `+repeatsOf(`l.stamp_digest = $3`)+` stamp`,
		id, s.Text, s.Stamp, s.Client, s.Name).Scan(&c.SameText.All, &c.SameText.Own, &c.SameStamp.All, &c.SameStamp.Own,
		&c.FromClient)
	if err != nil {
		return nil, false, fmt.Errorf("company of lead %d: %w", id, err)
	}
	if c.FromClient >= lead.MaxFromClient {
		return nil, false, fault.TooMany
	}
	causes, suspect = lead.Suspect(s.Contents, s.Signals, c)
	if !suspect {
		return causes, false, nil
	}
	_, err = tx.Exec(ctx, `UPDATE leads SET suspect = true, causes = $2, place = 'none' WHERE id = $1`, id, causes)
	return causes, true, err
}

// repeatsOf counts the leads that are the same as lead $1 by the condition, as lead.Repeats. More than a few are as many as
// all, so that a flood of them slows nothing down.
func repeatsOf(same string) string {
	return `(
		SELECT count(*), count(*) FILTER (WHERE own) FROM (
			SELECT l.client_digest = $4 OR l.stamp_digest = $3 AND c.name = $5 AS own
			FROM leads l LEFT JOIN lead_contents c ON c.lead_id = l.id
			WHERE l.id <> $1 AND ` + same + ` LIMIT 20
		) found)`
}

// Clear says for a member that a suspect is no spam: it gets a place as if it had never been one, by its first arrival, and
// its mails go out. One that is no suspect stays as it is.
func (db *DB) Clear(ctx context.Context, reference string, member int64) error {
	secret, err := db.Secret(ctx)
	if err != nil {
		return err
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := holdWithPlaces(ctx, tx, reference)
		if err != nil || !h.suspect {
			return err
		}
		return db.unquarantine(ctx, tx, h, member, secret)
	})
}

// Quarantine says for a member that a lead is spam: no mail about it goes out any more, and its place goes to the oldest
// waiting once that can no longer be undone by the batch that it returns. One that is a suspect already stays as it is, and
// the batch is 0.
func (db *DB) Quarantine(ctx context.Context, reference string, member int64) (batch int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := holdWithPlaces(ctx, tx, reference)
		if err != nil || h.suspect {
			return err
		}
		c := lead.Change{Kind: lead.SuspectBatch}
		if err := h.fits(c); err != nil {
			return err
		}
		items, err := db.changeHeld(ctx, tx, []held{h}, c, member)
		if err != nil {
			return err
		}
		batch, err = addBatch(ctx, tx, member, c.Kind, items...)
		return err
	})
	return batch, err
}

func holdWithPlaces(ctx context.Context, tx pgx.Tx, reference string) (held, error) {
	if err := lockPlaces(ctx, tx); err != nil {
		return held{}, err
	}
	return hold(ctx, tx, reference)
}

// quarantine sets leads aside, and returns the event of each.
func (db *DB) quarantine(ctx context.Context, tx pgx.Tx, leads []held, member int64) (map[int64]int64, error) {
	if err := keepPlaces(ctx, tx, idsOf(leads)); err != nil {
		return nil, err
	}
	_, err := tx.Exec(ctx, `UPDATE leads SET suspect = true WHERE id = ANY (@leads)`, pgx.StrictNamedArgs{"leads": idsOf(leads)})
	if err != nil {
		return nil, err
	}
	events, err := addEvents(ctx, tx, leads, event{kind: lead.Suspected, member: member})
	if err != nil {
		return nil, err
	}
	return events, db.settlePlaces(ctx, tx, 0)
}

func (db *DB) unquarantine(ctx context.Context, tx pgx.Tx, h held, member int64, secret []byte) error {
	if _, err := tx.Exec(ctx, `UPDATE leads SET suspect = false WHERE id = $1`, h.id); err != nil {
		return err
	}
	if err := returnPlaces(ctx, tx, []int64{h.id}, h.status.Open()); err != nil {
		return err
	}
	if h.status.Open() {
		if err := db.announceArrival(ctx, tx, h.id, secret); err != nil {
			return err
		}
	}
	if err := addHistory(ctx, tx, h.id, lead.Cleared, h.status, member); err != nil {
		return err
	}
	return db.settlePlaces(ctx, tx, h.id)
}

// announceArrival has the mails of an arrival go out that have not gone out yet: a lead that was a suspect for a while after
// that is not told of again.
func (db *DB) announceArrival(ctx context.Context, tx pgx.Tx, id int64, secret []byte) error {
	var email string
	var told, confirmed bool
	err := tx.QueryRow(ctx, `
		SELECT c.email, coalesce(bool_or(d.kind = 'new'), false), coalesce(bool_or(d.kind = 'confirmation'), false)
		FROM lead_contents c LEFT JOIN deliveries d ON d.lead_id = c.lead_id AND d.state IN ('waiting', 'sent')
		WHERE c.lead_id = $1
		GROUP BY c.email`, id).Scan(&email, &told, &confirmed)
	if err != nil {
		return fmt.Errorf("mails of lead %d: %w", id, err)
	}
	if !told {
		// What it hears of its place it hears by these mails.
		if _, err := tx.Exec(ctx, `DELETE FROM kept_places WHERE lead_id = $1`, id); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, id, lead.NewMail); err != nil {
			return err
		}
	}
	if confirmed {
		return nil
	}
	confirm, err := mayConfirm(ctx, tx, lead.Form{Email: email}.AddressDigest(secret))
	if err != nil || !confirm {
		return err
	}
	return db.announce(ctx, tx, id, lead.ConfirmationMail)
}
