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
}

// ChangeLeads does the same to several leads for a member. Leads to which something happened that the member has not seen,
// or which the change does not fit, stay as they are: it returns how many. batch is 0 if all did.
func (db *DB) ChangeLeads(ctx context.Context, acts []lead.Act, c lead.Change) (batch int64, left int, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		left = 0
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var items []batched
		for _, a := range acts {
			item, err := db.changeLead(ctx, tx, a, c)
			switch {
			case errors.Is(err, fault.Conflict), errors.Is(err, fault.Forbidden), errors.Is(err, pgx.ErrNoRows):
				left++
			case err != nil:
				return err
			default:
				items = append(items, item)
			}
		}
		if len(items) == 0 {
			return nil
		}
		err := tx.QueryRow(ctx, `INSERT INTO batches (member_id, kind, items) VALUES ($1, $2, $3) RETURNING id`,
			acts[0].Member, c.Kind, items).Scan(&batch)
		if err != nil {
			return err
		}
		return record(ctx, tx, acts[0].Member, staff.LeadsChanged, batch)
	})
	return batch, left, err
}

func (db *DB) changeLead(ctx context.Context, tx pgx.Tx, a lead.Act, c lead.Change) (batched, error) {
	h, err := holdSeen(ctx, tx, a)
	if err != nil {
		return batched{}, err
	}
	item := batched{Lead: h.id, Status: h.status, Answered: h.answered, Assignee: h.assignee}
	switch c.Kind {
	case lead.MoveBatch:
		err = db.move(ctx, tx, h, c.To, a.Member)
	case lead.AssignBatch:
		err = assign(ctx, tx, h, c.Assignee, a.Member)
	case lead.SuspectBatch:
		if h.suspect || h.status == lead.Erased {
			return item, fault.Forbidden
		}
		if err = quarantine(ctx, tx, h.id); err == nil {
			err = db.suspicionChanged(ctx, tx, h, lead.Suspected, a.Member)
		}
	}
	if err != nil {
		return item, err
	}
	item.Event, err = lastEvent(ctx, tx, h.id)
	return item, err
}

// Batch returns what a member did to several leads, or fault.NotFound if it was not they who did.
func (db *DB) Batch(ctx context.Context, id, member int64) (lead.Batch, error) {
	b := lead.Batch{ID: id}
	err := db.pool.QueryRow(ctx, `
		SELECT kind, jsonb_array_length(items), undone_at IS NOT NULL FROM batches WHERE id = $1 AND member_id = $2`, id, member).
		Scan(&b.Kind, &b.Count, &b.Undone)
	if err != nil {
		return b, fmt.Errorf("batch %d: %w", id, kind(err))
	}
	return b, nil
}

// UndoBatch puts the leads of a member's batch back as they were, but for those to which something else happened since:
// it returns how many those are. A second time changes nothing.
func (db *DB) UndoBatch(ctx context.Context, id, member int64) (left int, err error) {
	secret, err := db.Secret(ctx)
	if err != nil {
		return 0, err
	}
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		left = 0
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var kind lead.BatchKind
		var items []batched
		err := tx.QueryRow(ctx, `
			UPDATE batches SET undone_at = clock() WHERE id = $1 AND member_id = $2 AND undone_at IS NULL RETURNING kind, items`, id, member).
			Scan(&kind, &items)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		for _, item := range items {
			if err != nil {
				return err
			}
			err = db.undo(ctx, tx, kind, item, member, secret)
			if errors.Is(err, fault.Conflict) {
				left, err = left+1, nil
			}
		}
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.LeadsPutBack, id)
	})
	return left, err
}

func (db *DB) undo(ctx context.Context, tx pgx.Tx, kind lead.BatchKind, was batched, member int64, secret []byte) error {
	var reference string
	if err := tx.QueryRow(ctx, `SELECT reference FROM leads WHERE id = $1`, was.Lead).Scan(&reference); err != nil {
		return err
	}
	h, err := holdSeen(ctx, tx, lead.Act{Reference: reference, Member: member, Seen: was.Event})
	if err != nil {
		return err
	}
	switch kind {
	case lead.AssignBatch:
		var assignee int64
		if was.Assignee != nil {
			assignee = *was.Assignee
		}
		return assign(ctx, tx, h, assignee, member)
	case lead.SuspectBatch:
		if err := db.unquarantine(ctx, tx, h, secret); err != nil {
			return err
		}
		return db.suspicionChanged(ctx, tx, h, lead.Cleared, member)
	}
	// The clock runs again where the move had stopped it: nobody had answered.
	if _, err := tx.Exec(ctx, `UPDATE leads SET status = $2, answered_at = $3 WHERE id = $1`, h.id, was.Status, was.Answered); err != nil {
		return err
	}
	if err := addHistory(ctx, tx, h.id, lead.Undone, was.Status, member); err != nil {
		return err
	}
	return db.movePlace(ctx, tx, h, was.Status)
}
