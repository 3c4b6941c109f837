package postgres

import (
	"context"
	"errors"
	"fmt"
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

// ChangeLead changes one lead for a member and returns the batch by which they can undo it. It is fault.Conflict if
// something decisive happened that the member has not seen, fault.Forbidden if the change does not fit the lead, and
// fault.Invalid if a move to lost does not say whether the prospect was answered.
func (db *DB) ChangeLead(ctx context.Context, a lead.Act, c lead.Change) (batch int64, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		item, err := db.changeLead(ctx, tx, a, c)
		if err != nil {
			return err
		}
		batch, err = addBatch(ctx, tx, a.Member, c.Kind, item)
		return err
	})
	return batch, err
}

// ChangeLeads does the same to several leads for a member. It returns the references of those that stay as they are:
// something decisive happened that the member has not seen, or the change does not fit. batch is 0 if all did.
func (db *DB) ChangeLeads(ctx context.Context, acts []lead.Act, c lead.Change) (batch int64, left []string, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		left = nil
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var items []batched
		for _, a := range acts {
			item, err := db.changeLead(ctx, tx, a, c)
			switch {
			case errors.Is(err, fault.Conflict), errors.Is(err, fault.Forbidden), errors.Is(err, pgx.ErrNoRows):
				left = append(left, a.Reference)
			case err != nil:
				return err
			default:
				items = append(items, item)
			}
		}
		if len(items) == 0 {
			return nil
		}
		var err error
		if batch, err = addBatch(ctx, tx, acts[0].Member, c.Kind, items...); err != nil {
			return err
		}
		return record(ctx, tx, acts[0].Member, staff.LeadsChanged, batch)
	})
	return batch, left, err
}

func addBatch(ctx context.Context, tx pgx.Tx, member int64, kind lead.BatchKind, items ...batched) (batch int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO batches (member_id, kind, items) VALUES ($1, $2, $3) RETURNING id`, member, kind, items).
		Scan(&batch)
	if err != nil {
		return 0, fmt.Errorf("batch: %w", err)
	}
	return batch, nil
}

func (db *DB) changeLead(ctx context.Context, tx pgx.Tx, a lead.Act, c lead.Change) (batched, error) {
	var others []lead.EventKind
	if c.Kind == lead.AssignBatch {
		others = append(others, lead.Assigned)
	}
	h, err := holdSeen(ctx, tx, a, others...)
	if err != nil {
		return batched{}, err
	}
	return db.changeHeld(ctx, tx, h, c, a.Member)
}

func (db *DB) changeHeld(ctx context.Context, tx pgx.Tx, h held, c lead.Change, member int64) (item batched, err error) {
	item = batched{Lead: h.id, Status: h.status, Answered: h.answered, Assignee: h.assignee, Place: h.place}
	switch c.Kind {
	case lead.MoveBatch:
		err = db.move(ctx, tx, h, c, member)
	case lead.AssignBatch:
		err = assign(ctx, tx, h, c.Assignee, member)
	case lead.SuspectBatch:
		err = db.quarantine(ctx, tx, h, member)
	}
	if err == nil {
		item.Event, err = lastEvent(ctx, tx, h.id)
	}
	return item, err
}
