package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// Bounce is the report of a mail server that it could not deliver an email of ours.
type Bounce struct {
	Leads   []int64                   // that the email was about, as far as it is known
	Is      func(delivery int64) bool // reports whether the email is that of the delivery
	Problem lead.Problem
	Digest  []byte // by which the report is known
}

// recentDeliveries is how many of the last deliveries are looked through for the one that came back, if the lead is not known.
const recentDeliveries = 20_000

// TakeBounce marks the delivery that came back as failed, once. It reports whether there is such a delivery.
func (db *DB) TakeBounce(ctx context.Context, at MailPlace, bounce Bounce) (found bool, err error) {
	defer wrap(&err, "bounce %d", at.UID)
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		_, fresh, err := passMail(ctx, tx, at)
		if err != nil || !fresh {
			return err
		}
		if fresh, err = receiveOnce(ctx, tx, bounce.Digest); err != nil || !fresh {
			return err
		}
		id, err := bouncedDelivery(ctx, tx, bounce)
		if err != nil || id == 0 {
			return err
		}
		found = true
		_, err = tx.Exec(ctx, `
			UPDATE deliveries SET state = 'failed', problem = @problem, code = 0, ended_at = clock(), acknowledged_at = NULL
			WHERE id = @id AND state = 'sent'`, pgx.StrictNamedArgs{"id": id, "problem": bounce.Problem})
		return err
	})
	return found, err
}

// bouncedDelivery returns the id of the delivery that came back, or 0: the one with the Message-ID or, if a lead is known but no
// Message-ID of ours, the last one that was sent to its prospect. A lead that is erased since is left alone.
func bouncedDelivery(ctx context.Context, tx pgx.Tx, bounce Bounce) (id int64, err error) {
	type candidate struct {
		ID         int64
		ToProspect bool
	}
	rows, _ := tx.Query(ctx, `
		SELECT d.id, d.kind = ANY (@prospect) AND d.state = 'sent' AS to_prospect
		FROM deliveries d LEFT JOIN leads l ON l.id = d.lead_id
		WHERE (d.lead_id = ANY (@leads) OR @leads::bigint[] IS NULL) AND coalesce(l.status <> 'erased', true)
		ORDER BY d.id DESC LIMIT @most`,
		pgx.StrictNamedArgs{"prospect": lead.ProspectMails, "leads": bounce.Leads, "most": recentDeliveries})
	candidates, err := pgx.CollectRows(rows, pgx.RowToStructByName[candidate])
	if err != nil {
		return 0, err
	}
	found := slices.IndexFunc(candidates, func(c candidate) bool { return bounce.Is(c.ID) })
	if found < 0 && bounce.Leads != nil {
		found = slices.IndexFunc(candidates, func(c candidate) bool { return c.ToProspect })
	}
	if found < 0 {
		return 0, nil
	}
	return candidates[found].ID, nil
}
