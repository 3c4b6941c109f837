package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

const deliveryColumns = `d.id, d.kind, d.state, d.made_at, d.tried_at, d.attempts, d.problem, d.code, coalesce(d.reply_id, 0)`

func deliveryTargets(d *lead.Delivery) []any {
	return []any{&d.ID, &d.Kind, &d.State, &d.MadeAt, &d.TriedAt, &d.Attempts, &d.Problem, &d.Code, &d.Reply}
}

// Delivery returns the delivery and its lead as both stand now, and how long it has waited, or fault.NotFound.
func (db *DB) Delivery(ctx context.Context, id int64) (d lead.Delivery, l lead.Lead, waited time.Duration, err error) {
	var reference string
	err = db.pool.QueryRow(ctx, `
		SELECT `+deliveryColumns+`, l.reference, clock() - d.made_at
		FROM deliveries d JOIN leads l ON l.id = d.lead_id WHERE d.id = $1`, id).
		Scan(append(deliveryTargets(&d), &reference, &waited)...)
	if err != nil {
		return d, l, 0, fmt.Errorf("delivery %d: %w", id, kind(err))
	}
	l, err = db.LeadByReference(ctx, reference)
	return d, l, waited, err
}

// EndDelivery says how a delivery that waited ended.
func (db *DB) EndDelivery(ctx context.Context, id int64, state lead.DeliveryState) error {
	_, err := db.pool.Exec(ctx, `
		UPDATE deliveries
		SET state = $2, ended_at = clock(),
		    tried_at = CASE WHEN $2 = 'sent' THEN clock() ELSE tried_at END,
		    attempts = attempts + CASE WHEN $2 = 'sent' THEN 1 ELSE 0 END,
		    problem = CASE WHEN $2 = 'sent' THEN '' ELSE problem END, code = CASE WHEN $2 = 'sent' THEN 0 ELSE code END
		WHERE id = $1 AND state = 'waiting'`, id, state)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", id, kind(err))
	}
	return nil
}

// DeliveryFailed says why the last attempt failed and returns how many there were.
func (db *DB) DeliveryFailed(ctx context.Context, id int64, problem lead.Problem, code int) (attempts int, err error) {
	err = db.pool.QueryRow(ctx, `
		UPDATE deliveries SET attempts = attempts + 1, tried_at = clock(), problem = $2, code = $3
		WHERE id = $1
		RETURNING attempts`, id, problem, code).Scan(&attempts)
	if err != nil {
		return 0, fmt.Errorf("delivery %d: %w", id, kind(err))
	}
	return attempts, nil
}

// OpenDelivery is a delivery that waits or failed, with the reference of its lead.
type OpenDelivery struct {
	lead.Delivery
	Reference string
}

// OpenDeliveries lists what waits or failed, oldest first, at most most.
func (db *DB) OpenDeliveries(ctx context.Context, most int) ([]OpenDelivery, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT `+deliveryColumns+`, l.reference
		FROM deliveries d JOIN leads l ON l.id = d.lead_id
		WHERE d.state IN ('waiting', 'failed')
		ORDER BY d.made_at, d.id
		LIMIT $1`, most)
	open, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d OpenDelivery, err error) {
		return d, row.Scan(append(deliveryTargets(&d.Delivery), &d.Reference)...)
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", kind(err))
	}
	return open, nil
}

// LeadDeliveries are the mails about a lead, oldest first.
func (db *DB) LeadDeliveries(ctx context.Context, reference string) ([]lead.Delivery, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT `+deliveryColumns+` FROM deliveries d JOIN leads l ON l.id = d.lead_id WHERE l.reference = $1 ORDER BY d.id`, reference)
	deliveries, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d lead.Delivery, err error) {
		return d, row.Scan(deliveryTargets(&d)...)
	})
	if err != nil {
		return nil, fmt.Errorf("deliveries about lead %s: %w", reference, kind(err))
	}
	return deliveries, nil
}

// Queue counts what waits or failed.
func (db *DB) Queue(ctx context.Context) (lead.Queue, error) {
	var q lead.Queue
	err := db.pool.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'waiting' AND attempts > 0),
		       count(*) FILTER (WHERE state = 'failed'),
		       coalesce(max(clock() - made_at) FILTER (WHERE state = 'waiting'), '0')
		FROM deliveries
		WHERE state IN ('waiting', 'failed')`).Scan(&q.Waiting, &q.Failing, &q.Failed, &q.Oldest)
	if err != nil {
		return q, fmt.Errorf("queue: %w", kind(err))
	}
	return q, nil
}

// DeliverNow has the queue try the delivery at once, for a member; fault.Conflict if it went out or was dropped meanwhile.
func (db *DB) DeliverNow(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE deliveries SET state = 'waiting', ended_at = NULL WHERE id = $1 AND state IN ('waiting', 'failed')`, id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("delivery %d is closed: %w", id, fault.Conflict)
		}
		if err := record(ctx, tx, member, staff.DeliveryTried, id); err != nil {
			return err
		}
		// Two jobs of one delivery could send it twice at once: its own is brought forward while there is one.
		rows, _ := tx.Query(ctx, `
			SELECT id FROM river_job WHERE kind = $1 AND args @> jsonb_build_object('delivery', $2::bigint) FOR UPDATE`,
			DeliveryJob{}.Kind(), id)
		jobs, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		if len(jobs) == 0 {
			return db.enqueue(ctx, tx, []int64{id})
		}
		_, err = db.queue.JobRetryTx(ctx, tx, jobs[0])
		return err
	})
}

// StaffAddresses are the e-mail addresses of those who answer leads.
func (db *DB) StaffAddresses(ctx context.Context) ([]string, error) {
	rows, _ := db.pool.Query(ctx, `SELECT email FROM members WHERE role IN ('editor', 'admin') AND disabled_at IS NULL ORDER BY id`)
	addresses, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("staff: %w", kind(err))
	}
	return addresses, nil
}
