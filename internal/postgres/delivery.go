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

// selectDeliveries reads deliveries d with their leads l, if they are about one.
const selectDeliveries = `
	SELECT d.id, coalesce(d.lead_id, 0) AS lead, coalesce(l.reference, '') AS reference, d.kind, d.state, d.made_at, d.tried_at, d.attempts, d.problem, d.code,
	       coalesce(d.message_id, 0) AS message,
	       coalesce(d.member_id, 0) AS member, coalesce(m.name, '') AS member_name, coalesce(d.staff_address, 0) AS staff_address,
	       d.acknowledged_at IS NOT NULL AS acknowledged
	FROM deliveries d LEFT JOIN leads l ON l.id = d.lead_id LEFT JOIN members m ON m.id = d.member_id`

// openDelivery is the condition of those about leads that wait, or failed and need an act. Staff see none about accounts.
const openDelivery = `lead_id IS NOT NULL AND (state = 'waiting' OR state = 'failed' AND acknowledged_at IS NULL)`

// onHoldDelivery is the condition of those about leads that are on hold since a restore.
const onHoldDelivery = `lead_id IS NOT NULL AND state = 'on-hold'`

// OutgoingMail is what the page of outgoing email shows, all of it as it stood at one moment. Both lists have the oldest first.
type OutgoingMail struct {
	OnHold []lead.Delivery
	Open   []lead.Delivery // those that wait, or failed and need an act
	Queue  lead.Queue
	Now    time.Time
}

// OutgoingMail reads the deliveries about leads that are not sent, at most most for each list.
func (db *DB) OutgoingMail(ctx context.Context, most int) (o OutgoingMail, err error) {
	err = db.read(ctx, func(b *pgx.Batch) {
		readUnsent(b, onHoldDelivery, most, &o.OnHold)
		readUnsent(b, openDelivery, most, &o.Open)
		readQueue(b, &o.Queue)
		readNow(b, &o.Now)
	})
	return o, err
}

func readUnsent(b *pgx.Batch, condition string, most int, mails *[]lead.Delivery) {
	readRows(b, mails, "deliveries", selectDeliveries+` WHERE `+condition+` ORDER BY d.made_at, d.id LIMIT @most`,
		pgx.StrictNamedArgs{"most": most})
}

// OpenDeliveries returns the deliveries about leads that wait, or failed and need an act, oldest first, at most most.
func (db *DB) OpenDeliveries(ctx context.Context, most int) (open []lead.Delivery, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readUnsent(b, openDelivery, most, &open) })
	return open, err
}

// readDeliveries reads the mails about a lead, oldest first.
func readDeliveries(b *pgx.Batch, where leadCondition, mails *[]lead.Delivery) {
	readRows(b, mails, "deliveries about a lead", selectDeliveries+` WHERE `+where.condition+` ORDER BY d.id`, where.args)
}

// Queue counts the deliveries about leads that wait, are on hold, or failed and need an act.
func (db *DB) Queue(ctx context.Context) (q lead.Queue, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readQueue(b, &q) })
	return q, err
}

func readQueue(b *pgx.Batch, q *lead.Queue) {
	readRow(b, q, "queue", `
		SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
		       count(*) FILTER (WHERE state = 'waiting' AND attempts > 0) AS failing,
		       count(*) FILTER (WHERE state = 'failed') AS failed,
		       count(*) FILTER (WHERE state = 'failed' AND problem = ANY (@single)) AS single,
		       coalesce(max(reference) FILTER (WHERE state = 'failed'), '') AS failed_lead,
		       coalesce(max(kind) FILTER (WHERE state = 'failed'), '') AS failed_kind,
		       coalesce(max(problem) FILTER (WHERE state = 'failed'), '') AS failed_problem,
		       count(*) FILTER (WHERE state = 'on-hold') AS on_hold,
		       count(*) FILTER (WHERE state = 'waiting' AND problem = ANY (@server)) AS unserved,
		       coalesce(max(problem) FILTER (WHERE state = 'waiting' AND problem = ANY (@server)), '') AS server_problem,
		       coalesce(max(clock() - made_at) FILTER (WHERE state = 'waiting'), '0') AS oldest,
		       coalesce(max(clock() - made_at) FILTER (WHERE state = 'waiting' AND problem <> ALL (@later)), '0') AS stalled,
		       (SELECT count(*) FROM messages WHERE lead_id IS NULL) AS inbox,
		       coalesce((SELECT problem FROM mailboxes ORDER BY failing_since LIMIT 1), '') AS mailbox_problem,
		       coalesce((SELECT max(clock() - failing_since) FROM mailboxes), '0') AS mailbox_failing
		FROM deliveries LEFT JOIN leads l ON l.id = lead_id
		WHERE `+openDelivery+` OR `+onHoldDelivery,
		pgx.StrictNamedArgs{
			"later": lead.SingleMailProblems, "single": lead.SingleMailFailures, "server": lead.ServerProblems,
		})
}

// DeliverNow has the queue try a delivery about a lead at once, for a member. It returns fault.Conflict if the delivery went out
// or was dropped meanwhile.
func (db *DB) DeliverNow(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var before lead.DeliveryState
		err := tx.QueryRow(ctx, `
			UPDATE deliveries d SET state = 'waiting', ended_at = NULL, acknowledged_at = NULL
			FROM (
				SELECT id, state FROM deliveries WHERE id = $1 AND lead_id IS NOT NULL AND state IN ('waiting', 'failed') FOR UPDATE
			) before
			WHERE d.id = before.id
			RETURNING before.state`, id).Scan(&before)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("delivery %d is closed: %w", id, fault.Conflict)
		}
		if err != nil {
			return err
		}
		if err := record(ctx, tx, member, staff.DeliveryTried, id); err != nil {
			return err
		}
		return db.bringForward(ctx, tx, id, before == lead.Failed)
	})
}

// bringForward brings the job of a delivery forward, or adds one. Two jobs of one delivery could send it twice at once, so one
// that is there is used; but a job that still runs when its delivery is over will not look at it again.
func (db *DB) bringForward(ctx context.Context, tx pgx.Tx, delivery int64, over bool) error {
	rows, _ := tx.Query(ctx, `
		SELECT id FROM river_job
		WHERE kind = @kind AND args @> jsonb_build_object('delivery', @delivery::bigint) AND NOT (state = 'running' AND @over)
		ORDER BY finalized_at IS NULL DESC, id DESC
		FOR UPDATE`, pgx.StrictNamedArgs{"kind": DeliveryJob{}.Kind(), "delivery": delivery, "over": over})
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	if len(jobs) == 0 {
		return db.enqueue(ctx, tx, []int64{delivery})
	}
	_, err = db.queue.JobRetryTx(ctx, tx, jobs[0])
	return err
}

// Acknowledge notes that a member has seen that a delivery about a lead failed and leaves it so. It returns fault.Conflict if
// the delivery did not fail.
func (db *DB) Acknowledge(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE deliveries SET acknowledged_at = clock()
			WHERE id = $1 AND lead_id IS NOT NULL AND state = 'failed' AND acknowledged_at IS NULL`, id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("delivery %d did not fail: %w", id, fault.Conflict)
		}
		return record(ctx, tx, member, staff.DeliveryAcknowledged, id)
	})
}
