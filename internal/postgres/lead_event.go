package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// event is what happened to leads.
type event struct {
	kind     lead.EventKind
	status   lead.Status // that it led to; "" leaves each lead's as it is
	member   int64       // who did it; 0 for the prospect or the program
	assignee int64       // to whom the leads were given; 0 for nobody
}

// addHistory writes what happened to a lead, and into the audit who of the staff did it.
func addHistory(ctx context.Context, tx pgx.Tx, id int64, kind lead.EventKind, status lead.Status, member int64) error {
	_, err := addEvents(ctx, tx, []held{{id: id, status: status}}, event{kind: kind, member: member})
	return err
}

// addEvents is addHistory for several leads, and returns the id of each lead's event.
func addEvents(ctx context.Context, tx pgx.Tx, leads []held, e event) (map[int64]int64, error) {
	statuses := make([]lead.Status, len(leads))
	for i, h := range leads {
		statuses[i] = h.status
		if e.status != "" {
			statuses[i] = e.status
		}
	}
	act := staff.ActKind("lead-" + string(e.kind))
	rows, _ := tx.Query(ctx, `
		WITH happened AS (
			SELECT * FROM unnest(@leads::bigint[], @statuses::text[]) WITH ORDINALITY AS l (id, status, number)
		), told AS (
			INSERT INTO lead_history (lead_id, kind, status, member_id, assignee_id)
			SELECT id, @kind, status, nullif(@member::bigint, 0), nullif(@assignee::bigint, 0) FROM happened ORDER BY number
			RETURNING id, lead_id
		), recorded AS (
			INSERT INTO audit (member_id, kind, object, object_id)
			SELECT @member, @act, @object, id FROM happened WHERE @member <> 0 ORDER BY number
		)
		SELECT id, lead_id FROM told`, pgx.StrictNamedArgs{
		"leads": idsOf(leads), "statuses": statuses, "kind": e.kind, "member": e.member, "assignee": e.assignee,
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
