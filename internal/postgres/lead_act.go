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
	last     int64 // its last event
}

// hold locks the lead for a member's act.
func hold(ctx context.Context, tx pgx.Tx, reference string) (h held, err error) {
	err = tx.QueryRow(ctx, `
		SELECT id, status, suspect, answered_at, assignee_id FROM leads WHERE reference = $1 FOR NO KEY UPDATE`, reference).
		Scan(&h.id, &h.status, &h.suspect, &h.answered, &h.assignee)
	if err != nil {
		return h, err
	}
	// A statement of its own: it reads what was committed while the lock was waited for.
	h.last, err = lastEvent(ctx, tx, h.id)
	return h, err
}

// holdSeen is hold, but fault.Conflict if something happened to the lead that the member has not seen.
func holdSeen(ctx context.Context, tx pgx.Tx, a lead.Act) (held, error) {
	h, err := hold(ctx, tx, a.Reference)
	if err == nil && h.last != a.Seen {
		err = fmt.Errorf("lead %s has gone on: %w", a.Reference, fault.Conflict)
	}
	return h, err
}

func lastEvent(ctx context.Context, tx pgx.Tx, id int64) (event int64, err error) {
	err = tx.QueryRow(ctx, `SELECT max(id) FROM lead_history WHERE lead_id = $1`, id).Scan(&event)
	return event, err
}
