package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// MoveLead takes a lead to another status for a member. It is fault.Conflict if something happened that the member has not
// seen. The first move out of new stops the clock, at the database's time. A lost lead gives its place to the oldest
// waiting; one that is taken up again waits for a place by its arrival.
func (db *DB) MoveLead(ctx context.Context, a lead.Act, to lead.Status) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := holdSeen(ctx, tx, a)
		if err != nil {
			return err
		}
		return db.move(ctx, tx, h, to, a.Member)
	})
}

func (db *DB) move(ctx context.Context, tx pgx.Tx, h held, to lead.Status, member int64) error {
	if !h.status.MayMove(to) {
		return fmt.Errorf("from %s to %s: %w", h.status, to, fault.Forbidden)
	}
	if _, err := tx.Exec(ctx, `UPDATE leads SET status = $2, answered_at = coalesce(answered_at, clock()) WHERE id = $1`, h.id, to); err != nil {
		return fmt.Errorf("lead %d: %w", h.id, err)
	}
	if err := addHistory(ctx, tx, h.id, lead.Moved, to, member); err != nil {
		return err
	}
	return db.movePlace(ctx, tx, h, to)
}

// movePlace settles what a move between open and lost does to places.
func (db *DB) movePlace(ctx context.Context, tx pgx.Tx, h held, to lead.Status) (err error) {
	switch {
	case to == lead.Lost:
		err = releasePlace(ctx, tx, h.id)
	case h.status == lead.Lost:
		_, err = tx.Exec(ctx, `UPDATE leads SET place = 'waitlist' WHERE id = $1 AND NOT suspect`, h.id)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return db.settlePlaces(ctx, tx, 0)
}

// AssignLead gives the lead to a member, 0 for nobody. It is fault.Conflict if something happened that the one who does so
// has not seen, or the member is disabled, and stops no clock.
func (db *DB) AssignLead(ctx context.Context, a lead.Act, assignee int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := holdSeen(ctx, tx, a)
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
