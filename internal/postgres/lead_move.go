package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// move takes a lead to another status for a member. The first move stops the clock, at the database's time: the member says
// by it that the prospect was answered some other way. A move to lost asks for that, and stops the clock only after a yes.
func (db *DB) move(ctx context.Context, tx pgx.Tx, h held, c lead.Change, member int64) error {
	if h.suspect || !h.status.MayMove(c.To) {
		return fmt.Errorf("from %s to %s: %w", h.status, c.To, fault.Forbidden)
	}
	if c.To == lead.Lost && h.answered == nil && c.Answered == lead.Unsaid {
		return fault.Invalid{{Name: "answered", Message: "Say whether you answered them some other way."}}
	}
	_, err := tx.Exec(ctx, `
		UPDATE leads SET status = $2, answered_at = CASE WHEN $3 THEN coalesce(answered_at, clock()) ELSE answered_at END
		WHERE id = $1`, h.id, c.To, c.To != lead.Lost || c.Answered == lead.Answered)
	if err != nil {
		return fmt.Errorf("lead %d: %w", h.id, err)
	}
	if err := addHistory(ctx, tx, h.id, lead.Moved, c.To, member); err != nil {
		return err
	}
	return db.movePlace(ctx, tx, h, c.To)
}

// movePlace settles what a move between open and lost does to places: a lost lead gives its place to the oldest waiting once
// the move can no longer be undone, and one that is taken up again waits for a place by its arrival.
func (db *DB) movePlace(ctx context.Context, tx pgx.Tx, h held, to lead.Status) (err error) {
	switch {
	case to == lead.Lost:
		err = keepPlace(ctx, tx, h.id)
	case h.status == lead.Lost:
		err = returnPlace(ctx, tx, h.id, true)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return db.settlePlaces(ctx, tx, 0)
}

// AssignLead gives the lead to a member, 0 for nobody. It is fault.Conflict if something decisive or another assignment
// happened that the one who does so has not seen, or the member is disabled. It stops no clock.
func (db *DB) AssignLead(ctx context.Context, a lead.Act, assignee int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := holdSeen(ctx, tx, a, lead.Assigned)
		if err != nil {
			return err
		}
		return assign(ctx, tx, h, assignee, a.Member)
	})
}

func assign(ctx context.Context, tx pgx.Tx, h held, assignee, member int64) error {
	if h.status == lead.Erased {
		return fault.Forbidden
	}
	tag, err := tx.Exec(ctx, `
		UPDATE leads SET assignee_id = nullif($2, 0)
		WHERE id = $1 AND ($2 = 0 OR EXISTS (SELECT FROM members WHERE id = $2 AND disabled_at IS NULL))`, h.id, assignee)
	if err != nil {
		return fmt.Errorf("lead %d: %w", h.id, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("member %d takes no leads: %w", assignee, fault.Conflict)
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO lead_history (lead_id, kind, status, member_id, assignee_id) VALUES ($1, $2, $3, $4, nullif($5, 0))`,
		h.id, lead.Assigned, h.status, member, assignee)
	if err != nil {
		return fmt.Errorf("history of lead %d: %w", h.id, err)
	}
	return recordEvent(ctx, tx, member, lead.Assigned, h.id)
}
