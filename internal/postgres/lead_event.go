package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// actor says who did something to a lead: a member by their id, CommandLine, or byNoStaff.
type actor int64

// byNoStaff stands for the prospect and for the program itself. The audit has only what staff did.
const byNoStaff actor = -1

// event is what happened to leads.
type event struct {
	kind      lead.EventKind
	by        actor
	leads     []int64
	statuses  []lead.Status // that it led to, for each lead
	assignees []int64       // to whom each lead was given, 0 for nobody; nil if none was given
}

// addHistory writes what happened to a lead, and into the audit what staff did.
func addHistory(ctx context.Context, tx pgx.Tx, id int64, kind lead.EventKind, status lead.Status, by actor) error {
	_, err := addEvents(ctx, tx, event{kind: kind, by: by, leads: []int64{id}, statuses: []lead.Status{status}})
	return err
}

// addEvents is addHistory for several leads. It returns the id of each lead's event.
func addEvents(ctx context.Context, tx pgx.Tx, e event) (map[int64]int64, error) {
	act := staff.ActKind("lead-" + string(e.kind))
	rows, _ := tx.Query(ctx, `
		WITH happened AS (
			SELECT * FROM unnest(@leads::bigint[], @statuses::text[], @assignees::bigint[])
			WITH ORDINALITY AS l (id, status, assignee, number)
		), told AS (
			INSERT INTO lead_history (lead_id, kind, status, member_id, assignee_id)
			SELECT id, @kind, status, CASE WHEN @by::bigint > 0 THEN @by END, nullif(assignee, 0) FROM happened ORDER BY number
			RETURNING id, lead_id
		), recorded AS (
			INSERT INTO audit (member_id, kind, object, object_id)
			SELECT nullif(@by, 0), @act, @object, id FROM happened WHERE @by >= 0 ORDER BY number
		)
		SELECT id, lead_id FROM told`, pgx.StrictNamedArgs{
		"leads": e.leads, "statuses": e.statuses, "assignees": e.assignees, "kind": e.kind, "by": e.by,
		"act": act, "object": act.Object(),
	})
	events := map[int64]int64{}
	var id, of int64
	_, err := pgx.ForEachRow(rows, []any{&id, &of}, func() error { events[of] = id; return nil })
	if err != nil {
		return nil, fmt.Errorf("history of leads: %w", err)
	}
	return events, nil
}

// announceEach has a mail about each of the leads go out, once the transaction commits.
func (db *DB) announceEach(ctx context.Context, tx pgx.Tx, kind lead.DeliveryKind, leads []int64) error {
	if len(leads) == 0 {
		return nil
	}
	return db.deliver(ctx, tx, `INSERT INTO deliveries (lead_id, kind) SELECT unnest(@leads::bigint[]), @kind RETURNING id`,
		pgx.StrictNamedArgs{"leads": leads, "kind": kind})
}
