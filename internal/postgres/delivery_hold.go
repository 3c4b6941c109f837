package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// ReleaseDelivery has a delivery that is on hold go out, for a member. It returns fault.Conflict if the delivery is not on hold
// any more.
func (db *DB) ReleaseDelivery(ctx context.Context, id, member int64) error {
	return db.endHold(ctx, decision{member, staff.DeliveryReleased, lead.Waiting, []int64{id}})
}

// ReleaseDeliveries is ReleaseDelivery for all that are on hold, if there are any.
func (db *DB) ReleaseDeliveries(ctx context.Context, member int64) error {
	return db.endHold(ctx, decision{member, staff.DeliveryReleased, lead.Waiting, nil})
}

// CancelDelivery says for a member that a delivery that is on hold does not go out, with the errors of ReleaseDelivery.
func (db *DB) CancelDelivery(ctx context.Context, id, member int64) error {
	return db.endHold(ctx, decision{member, staff.DeliveryCancelled, lead.Dropped, []int64{id}})
}

// CancelDeliveries is CancelDelivery for all that are on hold, if there are any.
func (db *DB) CancelDeliveries(ctx context.Context, member int64) error {
	return db.endHold(ctx, decision{member, staff.DeliveryCancelled, lead.Dropped, nil})
}

// decision is what a member decided about deliveries that are on hold.
type decision struct {
	member int64
	act    staff.ActKind
	state  lead.DeliveryState // that they get
	only   []int64            // nil for all
}

// endHold ends the hold of deliveries. Those that are to go out get jobs in the same transaction; those that nobody needs any
// more are dropped by the worker, as others are.
func (db *DB) endHold(ctx context.Context, d decision) (err error) {
	defer wrap(&err, "deliveries on hold")
	return db.inTx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			WITH decided AS (
				UPDATE deliveries SET state = @state, ended_at = CASE WHEN @state <> 'waiting' THEN clock() END
				WHERE `+onHoldDelivery+` AND (@only::bigint[] IS NULL OR id = ANY (@only))
				RETURNING id
			), recorded AS (
				INSERT INTO audit (member_id, kind, object, object_id) SELECT @member, @act, @object, id FROM decided ORDER BY id
			)
			SELECT id FROM decided ORDER BY id`, pgx.StrictNamedArgs{
			"state": d.state, "only": d.only, "member": d.member, "act": d.act, "object": d.act.Object(),
		})
		decided, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		if len(decided) < len(d.only) {
			return fmt.Errorf("delivery %d: %w", d.only, fault.Conflict)
		}
		if d.state != lead.Waiting {
			return nil
		}
		return db.enqueue(ctx, tx, decided)
	})
}
