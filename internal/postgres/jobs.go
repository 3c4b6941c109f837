package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"tiebreak/internal/lead"
)

// DeliveryJob has a worker send the delivery. A job holds ids only: what was typed is stored elsewhere, and erased there.
type DeliveryJob struct {
	Delivery int64 `json:"delivery"`
}

// Kind is the job's name in the queue.
func (DeliveryJob) Kind() string { return "delivery" }

// pollOnlyDriver is River's driver without NOTIFY, which would have all transactions commit one by one. Workers poll.
type pollOnlyDriver struct{ *riverpgxv5.Driver }

func (pollOnlyDriver) SupportsListenNotify() bool { return false }

// maxQueueAttempts is how many attempts the queue itself counts before it gives a job up: those in which the program died or the
// database was away. A job keeps the number that it was added with.
const maxQueueAttempts = 1000

// newQueue returns a client of the queue that only adds to it.
func newQueue(clock *databaseClock) (*river.Client[pgx.Tx], error) {
	config := &river.Config{MaxAttempts: maxQueueAttempts, Test: river.TestConfig{Time: clock}}
	return river.NewClient(pollOnlyDriver{riverpgxv5.New(nil)}, config)
}

// Workers returns a client that works the queue. It has connections of its own, so that neither the queue nor visitors have to
// wait for the other. The caller starts it, stops it and then calls done.
func (db *DB) Workers(ctx context.Context, c *river.Config) (client *river.Client[pgx.Tx], done func(), err error) {
	config := db.pool.Config()
	config.MaxConns = db.conns.queue
	config.ConnConfig.Tracer = nil // what the queue does for itself is not traced
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, err
	}
	c.PollOnly, c.Test.Time = true, db.clock // the library has no other way to be told the time
	if client, err = river.NewClient(pollOnlyDriver{riverpgxv5.New(pool)}, c); err != nil {
		pool.Close()
		return nil, nil, err
	}
	return client, pool.Close, nil
}

// JobBeat shows that the job is still being worked on, so that the queue does not take it up again.
func (db *DB) JobBeat(ctx context.Context, job int64) error {
	_, err := db.pool.Exec(ctx, `UPDATE river_job SET attempted_at = clock() WHERE id = $1 AND state = 'running'`, job)
	return mapError(err)
}

// announce has deliveries go out about the lead, once the transaction commits.
func (db *DB) announce(ctx context.Context, tx pgx.Tx, id int64, kinds ...lead.DeliveryKind) error {
	return db.deliver(ctx, tx, `INSERT INTO deliveries (lead_id, kind) SELECT @lead, unnest(@kinds::text[]) RETURNING id`,
		pgx.StrictNamedArgs{"lead": id, "kinds": kinds})
}

// deliver adds deliveries by an INSERT that returns their ids, and has them go out once the transaction commits.
func (db *DB) deliver(ctx context.Context, tx pgx.Tx, insert string, args pgx.StrictNamedArgs) error {
	rows, _ := tx.Query(ctx, insert, args)
	deliveries, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("deliveries: %w", err)
	}
	return db.enqueue(ctx, tx, deliveries)
}

func (db *DB) enqueue(ctx context.Context, tx pgx.Tx, deliveries []int64) error {
	jobs := make([]river.InsertManyParams, len(deliveries))
	for i, id := range deliveries {
		jobs[i].Args = DeliveryJob{Delivery: id}
	}
	if len(jobs) == 0 {
		return nil
	}
	if _, err := db.queue.InsertManyTx(ctx, tx, jobs); err != nil {
		return fmt.Errorf("queue: %w", err)
	}
	return nil
}
