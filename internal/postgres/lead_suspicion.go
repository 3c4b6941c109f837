package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/lead/suspicion"
)

// judge marks a lead that has just arrived as suspect, if there is enough to suspect it for. It returns fault.TooMany if its
// client address has sent as many as it may.
func judge(ctx context.Context, tx pgx.Tx, l insertedLead, s lead.Submission) (causes []lead.Cause, suspect bool, err error) {
	if l.recent.FromClient >= suspicion.MaxFromClient {
		return nil, false, fault.TooMany
	}
	if causes, suspect = suspicion.Judge(s.Contents, s.Signals, l.recent); !suspect {
		return causes, false, nil
	}
	_, err = tx.Exec(ctx, `UPDATE leads SET suspect = true, causes = $2, place = 'none' WHERE id = $1`, l.id, causes)
	return causes, true, err
}

// Clear says for a member that a suspect is not spam: it gets a place as if it had just arrived, at the end of the waitlist if
// no place is free, and its mails go out. A lead that is not suspect stays as it is.
func (db *DB) Clear(ctx context.Context, reference string, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockWithPlaces(ctx, tx, reference)
		if err != nil || !h.Suspect {
			return err
		}
		return db.unquarantine(ctx, tx, []lockedLead{h}, member)
	})
}

// Quarantine says for a member that a lead is spam: no mail about it goes out any more, and its place goes to the first on the
// waitlist once that can no longer be undone by the batch that it returns. A lead that is suspect already stays as it is, and
// the batch is 0.
func (db *DB) Quarantine(ctx context.Context, reference string, member int64) (batch int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockWithPlaces(ctx, tx, reference)
		if err != nil || h.Suspect {
			return err
		}
		c := lead.Change{Kind: lead.SuspectBatch}
		if err := h.checkChange(c); err != nil {
			return err
		}
		batch, err = db.changeLocked(ctx, tx, []lockedLead{h}, c, member)
		return err
	})
	return batch, err
}

func lockWithPlaces(ctx context.Context, tx pgx.Tx, reference string) (lockedLead, error) {
	if err := lockPlaces(ctx, tx); err != nil {
		return lockedLead{}, err
	}
	return lockLead(ctx, tx, reference)
}

// quarantine marks leads as suspect, and returns the event of each.
func (db *DB) quarantine(ctx context.Context, tx pgx.Tx, leads []lockedLead, member int64) (map[int64]int64, error) {
	ids := idsOf(leads)
	if err := keepPlaces(ctx, tx, ids); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `UPDATE leads SET suspect = true WHERE id = ANY ($1)`, ids); err != nil {
		return nil, err
	}
	events, err := addEvents(ctx, tx, event{kind: lead.Suspected, by: actor(member), leads: ids, statuses: statusesOf(leads)})
	if err != nil {
		return nil, err
	}
	return events, db.settlePlaces(ctx, tx)
}

// unquarantine takes the mark off leads. Those that are open get places and mails as if they had just arrived.
func (db *DB) unquarantine(ctx context.Context, tx pgx.Tx, leads []lockedLead, member int64) error {
	ids := idsOf(leads)
	if _, err := tx.Exec(ctx, `UPDATE leads SET suspect = false WHERE id = ANY ($1)`, ids); err != nil {
		return err
	}
	if err := returnPlaces(ctx, tx, ids); err != nil {
		return err
	}
	secret, err := readSecret(ctx, tx)
	if err != nil {
		return err
	}
	if err := db.announceArrivals(ctx, tx, ids, secret); err != nil {
		return err
	}
	_, err = addEvents(ctx, tx, event{kind: lead.Cleared, by: actor(member), leads: ids, statuses: statusesOf(leads)})
	if err != nil {
		return err
	}
	return db.settlePlaces(ctx, tx, ids...)
}

// arrivalMails says which mails of a lead's arrival have gone out.
type arrivalMails struct {
	ID              int64
	Email           string
	Told, Confirmed bool // staff, the prospect
}

// readArrivalMails returns what has gone out about those leads that are open. The member who entered a lead decided on its mails.
func readArrivalMails(ctx context.Context, tx pgx.Tx, leads []int64) ([]arrivalMails, error) {
	rows, _ := tx.Query(ctx, `
		SELECT l.id, c.email, coalesce(bool_or(d.kind = 'new'), false) AS told,
		       coalesce(bool_or(d.kind = 'confirmation' AND d.made_at >= coalesce(r.at, '-infinity')), false) AS confirmed
		FROM leads l
		LEFT JOIN replaced_receipts r ON r.successor = l.token
		JOIN lead_contents c ON c.lead_id = l.id
		LEFT JOIN deliveries d ON d.lead_id = l.id AND d.state IN ('waiting', 'on-hold', 'sent')
		WHERE l.id = ANY ($1) AND l.channel = 'form' AND l.status IN `+openStatuses+`
		GROUP BY l.id, c.email
		ORDER BY l.id`, leads)
	arrivals, err := pgx.CollectRows(rows, pgx.RowToStructByName[arrivalMails])
	if err != nil {
		return nil, fmt.Errorf("mails of leads: %w", err)
	}
	return arrivals, nil
}

// announceArrivals has the mails of the arrival of those leads that are open go out, as far as they have not gone out yet: staff
// do not hear again of a lead that became suspect after they were told of it.
func (db *DB) announceArrivals(ctx context.Context, tx pgx.Tx, leads []int64, secret []byte) error {
	arrivals, err := readArrivalMails(ctx, tx, leads)
	if err != nil {
		return err
	}
	var untold []int64
	var addresses [][]byte
	first := map[string]int64{} // lead of each address
	for _, a := range arrivals {
		if !a.Told {
			untold = append(untold, a.ID)
		}
		address := lead.Form{Email: a.Email}.AddressDigest(secret)
		if first[string(address)] == 0 && !a.Confirmed {
			first[string(address)] = a.ID
			addresses = append(addresses, address)
		}
	}
	// These mails tell of the places too.
	if _, err := tx.Exec(ctx, `DELETE FROM kept_places WHERE lead_id = ANY ($1)`, untold); err != nil {
		return err
	}
	if err := db.announceEach(ctx, tx, lead.NewMail, untold); err != nil {
		return err
	}
	rows, _ := tx.Query(ctx, insertConfirmation, pgx.StrictNamedArgs{"addresses": addresses})
	confirmed, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	if err != nil {
		return fmt.Errorf("confirmations: %w", err)
	}
	var unconfirmed []int64
	for _, address := range confirmed {
		unconfirmed = append(unconfirmed, first[string(address)])
	}
	slices.Sort(unconfirmed)
	return db.announceEach(ctx, tx, lead.ConfirmationMail, unconfirmed)
}
