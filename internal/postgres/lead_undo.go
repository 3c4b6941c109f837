package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

const selectBatches = `
	SELECT b.id, b.kind, h.status AS "to", jsonb_array_length(b.items) AS leads, b.at + @time AS until,
	       b.undone_at IS NULL AND clock() < b.at + @time AS open, b.undone_at IS NOT NULL AS undone,
	       (SELECT jsonb_object_agg(status, leads) FROM (
	            SELECT i->>'status' AS status, count(*) AS leads FROM jsonb_array_elements(b.items) i
	            WHERE (i->>'lead')::bigint <> ALL (b.not_undone) GROUP BY 1) again) AS again,
	       ARRAY(SELECT reference FROM leads WHERE id = ANY (b.not_undone) ORDER BY id) AS "left"
	FROM batches b JOIN lead_history h ON h.id = (b.items->0->>'event')::bigint
	WHERE b.member_id = @member AND `

// readBatch reads what a member did; where it was another member who did, it leaves the batch as it is.
func readBatch(b *pgx.Batch, id, member int64, batch *lead.Batch) {
	readMaybe(b, batch, "batch", selectBatches+`b.id = @id`,
		pgx.StrictNamedArgs{"id": id, "member": member, "time": lead.UndoTime})
}

// readOpenBatch reads what the member did to the lead last, if they can still undo it.
func readOpenBatch(b *pgx.Batch, reference string, member int64, batch *lead.Batch) {
	readMaybe(b, batch, "batch", selectBatches+`b.undone_at IS NULL AND b.at > clock() - @time
		AND b.items @> (SELECT jsonb_build_array(jsonb_build_object('lead', id)) FROM leads WHERE reference = @reference)
		ORDER BY b.id DESC LIMIT 1`, pgx.StrictNamedArgs{"reference": reference, "member": member, "time": lead.UndoTime})
}

// UndoBatch puts the leads of a member's batch back as they were, their places too, in as many round trips as one. It leaves
// those as they are to which something decisive happened since: the batch then lists them. A second time changes nothing. It
// returns fault.NotFound if another member made the batch, and fault.Conflict once lead.UndoTime is over.
func (db *DB) UndoBatch(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			SELECT id, kind, items, undone_at IS NOT NULL AS undone, clock() >= at + @time::interval AS over
			FROM batches WHERE id = @id AND member_id = @member`,
			pgx.StrictNamedArgs{"id": id, "member": member, "time": lead.UndoTime})
		batch, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[undoing])
		switch {
		case err != nil || batch.Undone:
			return err
		case batch.Over:
			return fmt.Errorf("batch %d is too old to be undone: %w", id, fault.Conflict)
		}
		undone, err := db.undo(ctx, tx, batch, member)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE batches SET undone_at = clock(), not_undone = ARRAY(
				SELECT (i->>'lead')::bigint FROM jsonb_array_elements(items) i
				WHERE (i->>'lead')::bigint <> ALL (coalesce($2::bigint[], '{}')))
			WHERE id = $1`, id, undone)
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.LeadsPutBack, id)
	})
}

// undoing is a batch that is being undone.
type undoing struct {
	ID           int64
	Kind         lead.BatchKind
	Items        []batched
	Undone, Over bool
}

// undo puts those leads of the batch back that can become what they were, and returns their ids.
func (db *DB) undo(ctx context.Context, tx pgx.Tx, batch undoing, member int64) ([]int64, error) {
	leads, was, err := lockForUndo(ctx, tx, batch)
	if err != nil || len(leads) == 0 {
		return nil, err
	}
	switch batch.Kind {
	case lead.AssignBatch:
		assignees := make([]int64, len(leads))
		for i, w := range was {
			if w.Assignee != nil {
				assignees[i] = *w.Assignee
			}
		}
		events, err := assign(ctx, tx, leads, assignees, member)
		return slices.Collect(maps.Keys(events)), err
	case lead.SuspectBatch:
		return idsOf(leads), db.unquarantine(ctx, tx, leads, member)
	}
	// The clock runs again where the move had stopped it: nobody had answered.
	_, err = tx.Exec(ctx, `
		UPDATE leads l SET status = was.status, answered_at = was.answered
		FROM batches b, jsonb_to_recordset(b.items) AS was (lead bigint, status text, answered timestamptz)
		WHERE b.id = $1 AND l.id = was.lead AND l.id = ANY ($2)`, batch.ID, idsOf(leads))
	if err != nil {
		return nil, err
	}
	statuses := make([]lead.Status, len(leads))
	for i, w := range was {
		statuses[i] = w.Status
	}
	_, err = db.moved(ctx, tx, lead.Undone, leads, statuses, member)
	return idsOf(leads), err
}

// lockForUndo locks the leads of the batch and returns those that can become what they were, with that: nothing decisive
// happened to them, and their places are still kept. A place is not if the time ended while the undo waited for others.
func lockForUndo(ctx context.Context, tx pgx.Tx, batch undoing) (leads []lockedLead, was []batched, err error) {
	items, ids := map[int64]batched{}, make([]int64, len(batch.Items))
	for i, item := range batch.Items {
		items[item.Lead], ids[i] = item, item.Lead
	}
	found, err := lockLeads(ctx, tx, leadCondition{`l.id = ANY (@ids)`, pgx.StrictNamedArgs{"ids": ids}})
	if err != nil {
		return nil, nil, err
	}
	seen, err := seenOf(ctx, tx, found, func(h lockedLead) int64 { return items[h.ID].Event }, mattersFor(batch.Kind)...)
	for _, h := range seen {
		if item := items[h.ID]; item.Place != lead.Held || h.Place == lead.Held || h.PlaceKept {
			leads, was = append(leads, h), append(was, item)
		}
	}
	return leads, was, err
}

// readUntouched reads what happened last to the leads that a member's batch, or its undoing, left as they were: those with
// the references, which the batch skipped, and those that the batch names.
func readUntouched(b *pgx.Batch, batch, member int64, skipped []string, steps *[]lead.LastStep) {
	readRows(b, steps, "last steps", `
		SELECT l.reference, l.suspect, h.id, h.at, h.kind, h.status,
		       coalesce(m.name, '') AS member, coalesce(a.name, '') AS assignee
		FROM leads l
		JOIN lead_history h ON h.id = (SELECT max(id) FROM lead_history WHERE lead_id = l.id)
		LEFT JOIN members m ON m.id = h.member_id
		LEFT JOIN members a ON a.id = h.assignee_id
		WHERE l.id = ANY (ARRAY(SELECT id FROM leads WHERE reference = ANY (@skipped)
			UNION SELECT unnest(not_undone) FROM batches WHERE id = @batch AND member_id = @member))
		ORDER BY l.id`, pgx.StrictNamedArgs{"skipped": skipped, "batch": batch, "member": member})
}
