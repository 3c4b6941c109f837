package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// batched is a lead as it was before a batch changed it, and the event that says so.
type batched struct {
	Lead     int64       `json:"lead"`
	Event    int64       `json:"event"`
	Status   lead.Status `json:"status"`
	Answered *time.Time  `json:"answered"`
	Assignee *int64      `json:"assignee"`
	Place    lead.Place  `json:"place"`
}

// ChangeLead changes one lead for a member and returns the batch by which they can undo it. It returns fault.Conflict if
// something decisive happened that the member has not seen, fault.Forbidden if the change does not fit the lead, and
// fault.Invalid if a move to lost does not say whether the prospect was answered.
func (db *DB) ChangeLead(ctx context.Context, a lead.Act, c lead.Change) (batch int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		made, refused, err := db.changeLeads(ctx, tx, []lead.Act{a}, c)
		if err != nil {
			return err
		}
		batch = made
		return refused[a.Reference]
	})
	return batch, err
}

// ChangeLeads does the same to several leads for a member, in as many round trips as for one: it holds the lock on places,
// and so intake, up. It returns the references of those that stay as they are: something decisive happened that the member
// has not seen, or the change does not fit. batch is 0 if all did.
func (db *DB) ChangeLeads(ctx context.Context, acts []lead.Act, c lead.Change) (batch int64, left []string, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		made, refused, err := db.changeLeads(ctx, tx, acts, c)
		if err != nil {
			return err
		}
		for _, a := range acts {
			if refused[a.Reference] != nil {
				left = append(left, a.Reference)
			}
		}
		if batch = made; batch == 0 {
			return nil
		}
		return record(ctx, tx, acts[0].Member, staff.LeadsChanged, batch)
	})
	return batch, left, err
}

// changeLeads changes those of the leads that the member has seen as they are and that the change fits, and returns their
// batch, 0 if it changed no lead. For the others it returns why not, by reference.
func (db *DB) changeLeads(
	ctx context.Context, tx pgx.Tx, acts []lead.Act, c lead.Change,
) (batch int64, left map[string]error, err error) {
	if err := lockPlaces(ctx, tx); err != nil {
		return 0, nil, err
	}
	leads, left, err := lockSeenLeads(ctx, tx, acts, mattersFor(c.Kind)...)
	if err != nil {
		return 0, nil, err
	}
	fitting := leads[:0]
	for _, h := range leads {
		switch err := h.checkChange(c); {
		case errors.Is(err, fault.Forbidden):
			left[h.Reference] = err
		case err != nil:
			return 0, nil, err
		default:
			fitting = append(fitting, h)
		}
	}
	if len(fitting) == 0 {
		return 0, left, nil
	}
	batch, err = db.changeLocked(ctx, tx, fitting, c, acts[0].Member)
	if errors.Is(err, fault.Conflict) { // of all of them, before anything was changed
		for _, h := range fitting {
			left[h.Reference] = err
		}
		return 0, left, nil
	}
	return batch, left, err
}

// mattersFor returns the events, besides the decisive ones, that a member must have seen before they make the change.
func mattersFor(kind lead.BatchKind) []lead.EventKind {
	if kind == lead.AssignBatch {
		return []lead.EventKind{lead.Assigned}
	}
	return nil
}

// changeLocked changes leads that are locked and that the change fits, and returns their batch.
func (db *DB) changeLocked(
	ctx context.Context, tx pgx.Tx, leads []lockedLead, c lead.Change, member int64,
) (batch int64, err error) {
	var events map[int64]int64
	switch c.Kind {
	case lead.MoveBatch:
		events, err = db.move(ctx, tx, leads, c, member)
	case lead.AssignBatch:
		events, err = assign(ctx, tx, leads, slices.Repeat([]int64{c.Assignee}, len(leads)), member)
		if err == nil && len(events) == 0 {
			err = takesNoLeads(c.Assignee)
		}
	case lead.SuspectBatch:
		events, err = db.quarantine(ctx, tx, leads, member)
	}
	if err != nil {
		return 0, err
	}
	items := make([]batched, len(leads))
	for i, h := range leads {
		items[i] = batched{
			Lead: h.ID, Event: events[h.ID], Status: h.Status, Answered: h.AnsweredAt, Assignee: h.AssigneeID, Place: h.Place,
		}
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO batches (member_id, kind, items) VALUES ($1, $2, $3) RETURNING id`, member, c.Kind, items).Scan(&batch)
	if err != nil {
		return 0, fmt.Errorf("batch: %w", err)
	}
	return batch, nil
}
