package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// CorrectEmail replaces the prospect's email address for a member. It has the mails to them that did not go out tried again, and
// one about their place made if they had no address when they got it, and returns how many go out. It returns fault.Conflict if
// something happened that the member has not seen, and fault.NotFound for an erased lead.
func (db *DB) CorrectEmail(ctx context.Context, a lead.Act, address string) (mails int, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockSeenLead(ctx, tx, a, lead.EmailCorrected)
		if err != nil {
			return err
		}
		if err := replaceEmail(ctx, tx, h, address, actor(a.Member)); err != nil {
			return err
		}
		again, err := db.retryMails(ctx, tx, h.ID)
		if err != nil {
			return err
		}
		untold, err := untoldOfPlace(ctx, tx, h.ID)
		mails = again + len(untold)
		if err != nil || len(untold) == 0 {
			return err
		}
		return db.announce(ctx, tx, h.ID, lead.PlacedMail)
	})
	return mails, err
}

// untoldOfPlace returns the lead if a place came free for it, no mail told the prospect of that and no member spoke to them
// since.
func untoldOfPlace(ctx context.Context, tx pgx.Tx, id int64) ([]int64, error) {
	rows, _ := tx.Query(ctx, `
		SELECT l.id FROM leads l
		JOIN LATERAL (SELECT max(id) AS event, max(at) AS at FROM lead_history WHERE lead_id = l.id AND kind = @placed) p
			ON p.event IS NOT NULL
		WHERE l.id = @lead AND l.place = 'held' AND l.status IN `+openStatuses+` AND NOT l.suspect
		  AND NOT EXISTS (SELECT FROM lead_history WHERE lead_id = l.id AND id > p.event AND kind = ANY (@spoke))
		  AND NOT EXISTS (SELECT FROM deliveries WHERE lead_id = l.id AND kind = @mail AND state <> 'dropped' AND made_at >= p.at)`,
		pgx.StrictNamedArgs{
			"lead": id, "placed": lead.Placed, "spoke": []lead.EventKind{lead.Called, lead.Replied}, "mail": lead.PlacedMail,
		})
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// CorrectOwnEmail replaces the email address of the lead whose receipt has the token, at the prospect's wish, and returns the
// receipt's token from then on: a stranger may have got the old one by mail. The confirmation goes to the new address, if that
// may get one. The same press again returns the same token. It returns fault.Conflict for a lead that is closed or whose address
// was corrected lead.MaxCorrections times.
func (db *DB) CorrectOwnEmail(ctx context.Context, token string, f lead.EmailForm) (now string, err error) {
	err = db.onReceipt(ctx, token, func(tx pgx.Tx) (err error) {
		now, err = db.correctOwnEmail(ctx, tx, token, f)
		return err
	})
	return now, err
}

func (db *DB) correctOwnEmail(ctx context.Context, tx pgx.Tx, token string, f lead.EmailForm) (now string, err error) {
	h, err := lockOpenLead(ctx, tx, token)
	if errors.Is(err, fault.NotFound) {
		return successorOf(ctx, tx, token, f.Press())
	}
	if err != nil {
		return "", err
	}
	var same bool
	var corrections int
	err = tx.QueryRow(ctx, `
		SELECT email = @address, (
			SELECT count(*) FROM lead_history WHERE lead_id = @lead AND kind = @kind AND member_id IS NULL)
		FROM lead_contents WHERE lead_id = @lead`,
		pgx.StrictNamedArgs{"lead": h.ID, "address": f.Address(), "kind": lead.EmailCorrected}).Scan(&same, &corrections)
	switch {
	case err != nil:
		return "", err
	case same:
		return token, nil
	case corrections >= lead.MaxCorrections:
		return "", fmt.Errorf("the address of lead %d was corrected %d times: %w", h.ID, corrections, fault.Conflict)
	}
	if err := replaceEmail(ctx, tx, h, f.Address(), byNoStaff); err != nil {
		return "", err
	}
	if now, err = replaceToken(ctx, tx, h.ID, token, f.Press()); err != nil {
		return "", err
	}
	return now, db.mailAgain(ctx, tx, h, f.Email)
}

// replaceEmail changes the email address of a lead. Staff find the lead by the new one, and no longer by the old one.
func replaceEmail(ctx context.Context, tx pgx.Tx, h lockedLead, address string, by actor) error {
	if err := execOne(ctx, tx, `UPDATE lead_contents SET email = $2 WHERE lead_id = $1`, h.ID, address); err != nil {
		return fmt.Errorf("email of lead %d: %w", h.ID, err)
	}
	if _, err := writeWords(ctx, tx, `c.lead_id = $1`, h.ID); err != nil {
		return err
	}
	return addHistory(ctx, tx, h.ID, lead.EmailCorrected, h.Status, by)
}

// mailAgain has the mails to the prospect that did not go out go to the new address, and the confirmation, if the address may
// get one: also if it was sent to the old one. After a reply staff are told, for the prospect may not have got it.
func (db *DB) mailAgain(ctx context.Context, tx pgx.Tx, h lockedLead, address string) error {
	// One that a worker is just sending goes to the old address, so it does not count.
	_, err := tx.Exec(ctx, `
		UPDATE deliveries SET state = 'dropped', ended_at = clock()
		WHERE lead_id = $1 AND kind = $2 AND state IN ('waiting', 'on-hold', 'failed')`, h.ID, lead.ConfirmationMail)
	if err != nil {
		return fmt.Errorf("confirmations of lead %d: %w", h.ID, err)
	}
	if _, err := db.retryMails(ctx, tx, h.ID); err != nil {
		return err
	}
	if h.Suspect {
		return nil
	}
	if h.AnsweredAt != nil {
		if err := db.announce(ctx, tx, h.ID, lead.CorrectedMail); err != nil {
			return err
		}
	}
	secret, err := readSecret(ctx, tx)
	if err != nil {
		return err
	}
	return db.deliver(ctx, tx, `
		WITH confirmed AS (`+insertConfirmation+`)
		INSERT INTO deliveries (lead_id, kind) SELECT @lead::bigint, @confirmation FROM confirmed RETURNING id`,
		pgx.StrictNamedArgs{
			"lead": h.ID, "addresses": [][]byte{lead.Form{Email: address}.AddressDigest(secret)},
			"confirmation": lead.ConfirmationMail,
		})
}

// retryMails has the mails to the prospect that failed, or that are being retried, tried again now. It returns how many.
func (db *DB) retryMails(ctx context.Context, tx pgx.Tx, id int64) (int, error) {
	rows, _ := tx.Query(ctx, `
		UPDATE deliveries d SET state = 'waiting', ended_at = NULL, acknowledged_at = NULL
		FROM (
			SELECT id, state FROM deliveries
			WHERE lead_id = $1 AND kind = ANY ($2) AND (state = 'failed' OR state = 'waiting' AND attempts > 0) FOR UPDATE
		) before
		WHERE d.id = before.id
		RETURNING d.id, before.state = 'failed'`, id, lead.ProspectMails)
	failed := map[int64]bool{}
	var delivery int64
	var over bool
	_, err := pgx.ForEachRow(rows, []any{&delivery, &over}, func() error { failed[delivery] = over; return nil })
	if err != nil {
		return 0, fmt.Errorf("mails of lead %d: %w", id, err)
	}
	for delivery, over := range failed {
		if err := db.bringForward(ctx, tx, delivery, over); err != nil {
			return 0, err
		}
	}
	return len(failed), nil
}
