package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// held is a lead that a transaction has locked, as it stands.
type held struct {
	id       int64
	status   lead.Status
	suspect  bool
	answered *time.Time
	assignee *int64
	place    lead.Place
}

// hold locks the lead for a member's act.
func hold(ctx context.Context, tx pgx.Tx, reference string) (h held, err error) {
	err = tx.QueryRow(ctx, `
		SELECT id, status, suspect, answered_at, assignee_id, place FROM leads WHERE reference = $1 FOR NO KEY UPDATE`, reference).
		Scan(&h.id, &h.status, &h.suspect, &h.answered, &h.assignee, &h.place)
	return h, err
}

// holdSeen is hold, but fault.Conflict if something decisive happened to the lead that the member has not seen, or one of
// the other kinds of events that matter for the act.
func holdSeen(ctx context.Context, tx pgx.Tx, a lead.Act, others ...lead.EventKind) (held, error) {
	h, err := hold(ctx, tx, a.Reference)
	if err != nil {
		return h, err
	}
	return h, requireSeen(ctx, tx, h, a, others...)
}

// requireSeen is a statement of its own: it reads what was committed while the lead's lock was waited for.
func requireSeen(ctx context.Context, tx pgx.Tx, h held, a lead.Act, others ...lead.EventKind) error {
	var seen bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM lead_history WHERE lead_id = $1 AND id = $2)
		   AND NOT EXISTS (SELECT FROM lead_history WHERE lead_id = $1 AND id > $2 AND kind = ANY($3))`,
		h.id, a.Seen, append(others, lead.Decisive...)).Scan(&seen)
	if err == nil && !seen {
		err = fmt.Errorf("lead %s has gone on: %w", a.Reference, fault.Conflict)
	}
	return err
}

func lastEvent(ctx context.Context, tx pgx.Tx, id int64) (event int64, err error) {
	err = tx.QueryRow(ctx, `SELECT max(id) FROM lead_history WHERE lead_id = $1`, id).Scan(&event)
	return event, err
}
