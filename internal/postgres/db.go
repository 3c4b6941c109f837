// Package postgres keeps everything in PostgreSQL: a file or two a noun, the SQL where it is used.
//
// An exported method opens the transaction it needs; an unexported helper takes it.
package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// DB is the store.
type DB struct {
	pool    *pgxpool.Pool
	queue   *river.Client[pgx.Tx] // adds jobs in the transaction that needs them
	readers *DB
	probes  *DB
}

// How many connections there may be for each use.
const (
	workConns  = 16
	readConns  = 6
	probeConns = 2
)

// Open prepares a pool for the database at url and reaches it once, so that a wrong address is known at the start.
func Open(ctx context.Context, url string) (*DB, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	queue, err := newQueue()
	if err != nil {
		return nil, err
	}
	db, err := open(ctx, config, workConns, queue)
	if err != nil {
		return nil, err
	}
	if err := db.pool.Ping(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("PostgreSQL does not answer: %w", err)
	}
	if db.readers, err = open(ctx, config, readConns, queue); err == nil {
		db.probes, err = open(ctx, config, probeConns, queue)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func open(ctx context.Context, config *pgxpool.Config, most int32, queue *river.Client[pgx.Tx]) (*DB, error) {
	own := config.Copy()
	own.MaxConns = most
	pool, err := pgxpool.NewWithConfig(ctx, own)
	if err != nil {
		return nil, err
	}
	return &DB{pool: pool, queue: queue}, nil
}

// poolConfig is how we connect to the database at url.
func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL cannot be read: %w", err)
	}
	config.MaxConnLifetime = 10 * time.Minute
	config.MaxConnLifetimeJitter = time.Minute
	config.PingTimeout = time.Second
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 2 * time.Second
	}
	for name, value := range map[string]string{
		"application_name":                    "tiebreak",
		"timezone":                            "UTC",
		"lock_timeout":                        "2s",
		"idle_in_transaction_session_timeout": "10s",
		"client_connection_check_interval":    "1s",
		"jit":                                 "off", // no query of ours is long enough to gain what compiling it costs
	} {
		config.ConnConfig.RuntimeParams[name] = value
	}
	return config, nil
}

// Readers returns the same store for what visitors read, on connections of its own: they do not take those of people who
// send a request or work.
func (db *DB) Readers() *DB { return db.readers }

// Probes returns the same store for what a balancer asks, on connections of its own: load alone makes no instance look dead.
func (db *DB) Probes() *DB { return db.probes }

// Close waits for what is under way and closes the connections.
func (db *DB) Close() {
	for _, one := range []*DB{db, db.readers, db.probes} {
		if one != nil {
			one.pool.Close()
		}
	}
}

// Load is how the pool of connections is used.
type Load struct {
	InUse, Open, Most int
	Waited            time.Duration // by all who had to, so far
}

// Pool reads the load.
func (db *DB) Pool() Load {
	s := db.pool.Stat()
	return Load{int(s.AcquiredConns()), int(s.TotalConns()), int(s.MaxConns()), s.EmptyAcquireWaitTime()}
}

// Ready reports, by its error, whether the database can be written to.
func (db *DB) Ready(ctx context.Context) error {
	var readOnly bool
	if err := db.pool.QueryRow(ctx, `SELECT current_setting('transaction_read_only')::boolean`).Scan(&readOnly); err != nil {
		return kind(err)
	}
	if readOnly {
		return errReadOnly
	}
	return nil
}

// inTx runs work in one transaction and maps its error to the kinds that a user can meet.
func (db *DB) inTx(ctx context.Context, work func(tx pgx.Tx) error) error {
	return kind(pgx.BeginFunc(ctx, db.pool, work))
}

// retryOnce runs an idempotent unit again if the connection broke under it: after a restart of PostgreSQL each pooled
// connection is found dead by whoever uses it first.
func retryOnce(ctx context.Context, unit func() error) error {
	err := unit()
	if broken(err) && ctx.Err() == nil {
		err = unit()
	}
	return err
}
