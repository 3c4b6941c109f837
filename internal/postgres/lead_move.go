package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// fits is fault.Forbidden if the change cannot be made to the lead, and fault.Invalid if a move to lost does not say whether
// the prospect was answered.
func (h held) fits(c lead.Change) error {
	switch c.Kind {
	case lead.MoveBatch:
		if h.suspect || !h.status.MayMove(c.To) {
			return fmt.Errorf("from %s to %s: %w", h.status, c.To, fault.Forbidden)
		}
		if c.To == lead.Lost && h.answered == nil && c.Answered == lead.Unsaid {
			return fault.Invalid{{Name: "answered", Message: "Choose whether you answered them another way."}}
		}
	case lead.AssignBatch:
		if h.status == lead.Erased {
			return fault.Forbidden
		}
	case lead.SuspectBatch:
		if h.suspect || h.status == lead.Erased {
			return fmt.Errorf("lead %s cannot be set aside: %w", h.reference, fault.Forbidden)
		}
	}
	return nil
}

// move takes leads to another status for a member, and returns the event of each. The first move stops the clock, at the
// database's time: the member says by it that the prospect was answered some other way. A move to lost asks for that, and
// stops the clock only after a yes.
func (db *DB) move(ctx context.Context, tx pgx.Tx, leads []held, c lead.Change, member int64) (map[int64]int64, error) {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET status = @to, answered_at = CASE WHEN @answered THEN coalesce(answered_at, clock()) ELSE answered_at END
		WHERE id = ANY (@leads)`, pgx.StrictNamedArgs{
		"leads": idsOf(leads), "to": c.To, "answered": c.To != lead.Lost || c.Answered == lead.Answered,
	})
	if err != nil {
		return nil, fmt.Errorf("move of leads: %w", err)
	}
	events, err := addEvents(ctx, tx, leads, event{kind: lead.Moved, status: c.To, member: member})
	if err != nil {
		return nil, err
	}
	return events, db.movePlaces(ctx, tx, leads, c.To)
}

// movePlaces settles what a move between open and lost does to places: a lost lead gives its place to the oldest waiting once
// the move can no longer be undone, and one that is taken up again waits for a place by its arrival.
func (db *DB) movePlaces(ctx context.Context, tx pgx.Tx, leads []held, to lead.Status) (err error) {
	var again []int64
	for _, h := range leads {
		if h.status == lead.Lost {
			again = append(again, h.id)
		}
	}
	switch {
	case to == lead.Lost:
		err = keepPlaces(ctx, tx, idsOf(leads))
	case len(again) > 0:
		err = returnPlaces(ctx, tx, again, true)
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
		if err := h.fits(lead.Change{Kind: lead.AssignBatch}); err != nil {
			return err
		}
		_, err = assign(ctx, tx, []held{h}, assignee, a.Member)
		return err
	})
}

// assign gives leads to a member, 0 for nobody, and returns the event of each. It is fault.Conflict, and changes nothing, if
// the member is disabled.
func assign(ctx context.Context, tx pgx.Tx, leads []held, assignee, member int64) (map[int64]int64, error) {
	tag, err := tx.Exec(ctx, `
		UPDATE leads SET assignee_id = nullif(@assignee::bigint, 0)
		WHERE id = ANY (@leads)
		  AND (@assignee = 0 OR EXISTS (SELECT FROM members WHERE id = @assignee AND disabled_at IS NULL))`,
		pgx.StrictNamedArgs{"leads": idsOf(leads), "assignee": assignee})
	if err != nil {
		return nil, fmt.Errorf("assignment of leads: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil, fmt.Errorf("member %d takes no leads: %w", assignee, fault.Conflict)
	}
	return addEvents(ctx, tx, leads, event{kind: lead.Assigned, member: member, assignee: assignee})
}
