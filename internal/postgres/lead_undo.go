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

const selectBatches = `
	SELECT b.id, b.kind, h.status AS "to", jsonb_array_length(b.items) AS leads, b.at + @time AS until,
	       b.undone_at IS NULL AND clock() < b.at + @time AS open, b.undone_at IS NOT NULL AS undone,
	       (SELECT jsonb_object_agg(status, leads) FROM (
	            SELECT i->>'status' AS status, count(*) AS leads FROM jsonb_array_elements(b.items) i
	            WHERE (i->>'lead')::bigint <> ALL (b.not_undone) GROUP BY 1) again) AS again,
	       ARRAY(SELECT reference FROM leads WHERE id = ANY (b.not_undone) ORDER BY id) AS "left"
	FROM batches b JOIN lead_history h ON h.id = (b.items->0->>'event')::bigint
	WHERE b.member_id = @member AND `

// Batch returns what a member did to one lead or several, or fault.NotFound if it was another member who did.
func (db *DB) Batch(ctx context.Context, id, member int64) (found lead.Batch, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readBatch(b, id, member, &found) })
	if err == nil && found.ID == 0 {
		err = fmt.Errorf("batch %d: %w", id, fault.NotFound)
	}
	return found, err
}

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

// UndoBatch puts the leads of a member's batch back as they were, their places too. It leaves those as they are to which
// something decisive happened since: the batch then lists them. A second time changes nothing, and once lead.UndoTime is
// over it is fault.Conflict.
func (db *DB) UndoBatch(ctx context.Context, id, member int64) error {
	secret, err := db.Secret(ctx)
	if err != nil {
		return err
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		var kind lead.BatchKind
		var items []batched
		var undone, over bool
		err := tx.QueryRow(ctx, `
			SELECT kind, items, undone_at IS NOT NULL, clock() >= at + $3::interval FROM batches WHERE id = $1 AND member_id = $2`,
			id, member, lead.UndoTime).Scan(&kind, &items, &undone, &over)
		switch {
		case err != nil || undone:
			return err
		case over:
			return fmt.Errorf("batch %d is too old to be undone: %w", id, fault.Conflict)
		}
		left := []int64{}
		for _, item := range items {
			err := db.undo(ctx, tx, kind, item, member, secret)
			if errors.Is(err, fault.Conflict) {
				left = append(left, item.Lead)
			} else if err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE batches SET undone_at = clock(), not_undone = $2 WHERE id = $1`, id, left); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.LeadsPutBack, id)
	})
}

func (db *DB) undo(ctx context.Context, tx pgx.Tx, kind lead.BatchKind, was batched, member int64, secret []byte) error {
	h, err := db.holdForUndo(ctx, tx, kind, was)
	if err != nil {
		return err
	}
	switch kind {
	case lead.AssignBatch:
		var assignee int64
		if was.Assignee != nil {
			assignee = *was.Assignee
		}
		if err := h.fits(lead.Change{Kind: kind}); err != nil {
			return err
		}
		_, err := assign(ctx, tx, []held{h}, assignee, member)
		return err
	case lead.SuspectBatch:
		return db.unquarantine(ctx, tx, h, member, secret)
	}
	// The clock runs again where the move had stopped it: nobody had answered.
	_, err = tx.Exec(ctx, `UPDATE leads SET status = $2, answered_at = $3 WHERE id = $1`, h.id, was.Status, was.Answered)
	if err != nil {
		return err
	}
	if err := addHistory(ctx, tx, h.id, lead.Undone, was.Status, member); err != nil {
		return err
	}
	return db.movePlaces(ctx, tx, []held{h}, was.Status)
}

// holdForUndo locks the lead. It is fault.Conflict if the lead cannot become what it was: something decisive happened to it,
// or its place is no longer kept, because the time ended while the undo waited for others.
func (db *DB) holdForUndo(ctx context.Context, tx pgx.Tx, kind lead.BatchKind, was batched) (h held, err error) {
	var reference string
	var kept bool
	err = tx.QueryRow(ctx, `
		SELECT reference, EXISTS (SELECT FROM kept_places WHERE lead_id = $1 AND month IS NOT NULL) FROM leads WHERE id = $1`, was.Lead).
		Scan(&reference, &kept)
	if err != nil {
		return h, err
	}
	var others []lead.EventKind
	if kind == lead.AssignBatch {
		others = append(others, lead.Assigned)
	}
	h, err = holdSeen(ctx, tx, lead.Act{Reference: reference, Seen: was.Event}, others...)
	if err == nil && was.Place == lead.Held && h.place != lead.Held && !kept {
		err = fmt.Errorf("the place of lead %s is gone: %w", reference, fault.Conflict)
	}
	return h, err
}

// lastStep is a row of readUntouched: the status of the lead and the one that its last event led to are two.
type lastStep struct {
	Reference string
	Status    lead.Status
	Suspect   bool
	At        time.Time
	Kind      lead.EventKind
	LedTo     lead.Status
	Member    string
	Assignee  string
}

func (s lastStep) step() lead.LastStep {
	event := lead.Event{At: s.At, Kind: s.Kind, Status: s.LedTo, Member: s.Member, Assignee: s.Assignee}
	return lead.LastStep{Reference: s.Reference, Status: s.Status, Suspect: s.Suspect, Event: event}
}

// readUntouched reads what happened last to the leads that a member's batch, or its undoing, left as they were: those with
// the references, which the batch skipped, and those that the batch names.
func readUntouched(b *pgx.Batch, batch, member int64, skipped []string, steps *[]lead.LastStep) {
	take := func(rows []lastStep) error {
		for _, r := range rows {
			*steps = append(*steps, r.step())
		}
		return nil
	}
	queueRows(b, "last steps", pgx.RowToStructByName[lastStep], take, `
		SELECT l.reference, l.status, l.suspect, h.at, h.kind, h.status AS led_to,
		       coalesce(m.name, '') AS member, coalesce(a.name, '') AS assignee
		FROM leads l
		JOIN lead_history h ON h.id = (SELECT max(id) FROM lead_history WHERE lead_id = l.id)
		LEFT JOIN members m ON m.id = h.member_id
		LEFT JOIN members a ON a.id = h.assignee_id
		WHERE l.id = ANY (ARRAY(SELECT id FROM leads WHERE reference = ANY (@skipped)
			UNION SELECT unnest(not_undone) FROM batches WHERE id = @batch AND member_id = @member))
		ORDER BY l.id`, pgx.StrictNamedArgs{"skipped": skipped, "batch": batch, "member": member})
}
