package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// checkChange returns fault.Forbidden if the change cannot be made to the lead, and fault.Invalid if a move to lost does not say
// whether the prospect was answered.
func (h lockedLead) checkChange(c lead.Change) error {
	switch c.Kind {
	case lead.MoveBatch:
		if h.Suspect || !h.Status.MayMove(c.To) {
			return fmt.Errorf("from %s to %s: %w", h.Status, c.To, fault.Forbidden)
		}
		if c.To == lead.Lost && h.AnsweredAt == nil && c.Answered == lead.Unsaid {
			return fault.Invalid{{Name: "answered", Message: "Choose whether you answered them another way."}}
		}
	case lead.AssignBatch:
		if h.Status == lead.Erased {
			return fault.Forbidden
		}
	case lead.SuspectBatch:
		if h.Suspect || h.Status == lead.Erased {
			return fmt.Errorf("lead %s cannot be set aside: %w", h.Reference, fault.Forbidden)
		}
	}
	return nil
}

// move takes leads to another status for a member, and returns the event of each. The first move stops the clock, at the
// database's time: the member says by it that the prospect was answered some other way. A move to lost asks for that, and
// stops the clock only after a yes.
func (db *DB) move(ctx context.Context, tx pgx.Tx, leads []lockedLead, c lead.Change, member int64) (map[int64]int64, error) {
	_, err := tx.Exec(ctx, `
		UPDATE leads SET status = @to, answered_at = CASE WHEN @answered THEN coalesce(answered_at, clock()) ELSE answered_at END
		WHERE id = ANY (@leads)`, pgx.StrictNamedArgs{
		"leads": idsOf(leads), "to": c.To, "answered": c.To != lead.Lost || c.Answered == lead.Answered,
	})
	if err != nil {
		return nil, fmt.Errorf("move of leads: %w", err)
	}
	return db.moved(ctx, tx, lead.Moved, leads, slices.Repeat([]lead.Status{c.To}, len(leads)), member)
}

// moved writes that leads were moved to other statuses, and settles what moves between open and lost do to places: a lost lead
// gives its place to the first on the waitlist once the move can no longer be undone, and one that is taken up again waits for a
// place at its end. The leads are given as they were before. It returns the event of each.
func (db *DB) moved(
	ctx context.Context, tx pgx.Tx, kind lead.EventKind, leads []lockedLead, to []lead.Status, member int64,
) (map[int64]int64, error) {
	events, err := addEvents(ctx, tx, event{kind: kind, by: actor(member), leads: idsOf(leads), statuses: to})
	if err != nil {
		return nil, err
	}
	var lost, again []int64
	for i, h := range leads {
		switch {
		case to[i] == lead.Lost:
			lost = append(lost, h.ID)
		case h.Status == lead.Lost:
			again = append(again, h.ID)
		}
	}
	if len(lost) == 0 && len(again) == 0 {
		return events, nil
	}
	if err := keepPlaces(ctx, tx, lost); err != nil {
		return nil, err
	}
	if err := returnPlaces(ctx, tx, again); err != nil {
		return nil, err
	}
	return events, db.settlePlaces(ctx, tx)
}

// AssignLead gives the lead to a member, 0 for nobody. It returns fault.Conflict if something decisive or another assignment
// happened that the member who does so has not seen, or if the assignee is disabled. It stops no clock.
func (db *DB) AssignLead(ctx context.Context, a lead.Act, assignee int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockSeenLead(ctx, tx, a, lead.Assigned)
		if err != nil {
			return err
		}
		if err := h.checkChange(lead.Change{Kind: lead.AssignBatch}); err != nil {
			return err
		}
		events, err := assign(ctx, tx, []lockedLead{h}, []int64{assignee}, a.Member)
		if err == nil && len(events) == 0 {
			err = takesNoLeads(assignee)
		}
		return err
	})
}

func takesNoLeads(member int64) error {
	return fmt.Errorf("member %d takes no leads: %w", member, fault.Conflict)
}

// assign gives each lead to its assignee, 0 for nobody, and returns the event of each. It leaves those whose assignee is
// disabled.
func assign(ctx context.Context, tx pgx.Tx, leads []lockedLead, assignees []int64, member int64) (map[int64]int64, error) {
	rows, _ := tx.Query(ctx, `
		UPDATE leads l SET assignee_id = nullif(a.assignee, 0)
		FROM unnest(@leads::bigint[], @assignees::bigint[]) AS a (id, assignee)
		WHERE l.id = a.id
		  AND (a.assignee = 0 OR EXISTS (SELECT FROM members WHERE id = a.assignee AND disabled_at IS NULL))
		RETURNING l.id`, pgx.StrictNamedArgs{"leads": idsOf(leads), "assignees": assignees})
	given, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("assignment of leads: %w", err)
	}
	e := event{kind: lead.Assigned, by: actor(member)}
	for i, h := range leads {
		if slices.Contains(given, h.ID) {
			e.leads, e.statuses = append(e.leads, h.ID), append(e.statuses, h.Status)
			e.assignees = append(e.assignees, assignees[i])
		}
	}
	return addEvents(ctx, tx, e)
}
