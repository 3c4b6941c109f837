// Package postgres keeps everything in PostgreSQL: a file or two a noun, the SQL where it is used.
//
// An exported method opens the transaction it needs; an unexported helper takes it.
package postgres

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"tiebreak/internal/fault"
)

// DB is the store.
type DB struct {
	pool    *pgxpool.Pool
	queue   *river.Client[pgx.Tx]      // adds jobs in the transaction that needs them
	clock   *databaseClock             // for the queue
	written *atomic.Pointer[time.Time] // when the heartbeat was last written, or began
	readers *DB
	probes  *DB

	outdated *atomic.Bool // by the last heartbeat: see ErrOutdated
	away     *atomic.Bool // by the last heartbeat: see Away

	conns    conns
	shortage *Shortage // of connections, nil for none
}

// Open prepares connections to the database at url and reaches it once, so that a wrong address is known at the start. Tests
// change how the connections are set up.
func Open(ctx context.Context, url string, change ...func(*pgxpool.Config)) (*DB, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, err
	}
	for _, apply := range change {
		apply(config)
	}
	shared := &DB{
		clock: &databaseClock{}, written: &atomic.Pointer[time.Time]{}, outdated: &atomic.Bool{}, away: &atomic.Bool{},
	}
	if shared.conns, err = wanted(url); err != nil {
		return nil, err
	}
	if shared.queue, err = newQueue(shared.clock); err != nil {
		return nil, err
	}
	if err := shared.reach(ctx, config); err != nil {
		return nil, err
	}
	db, err := shared.onOwnConns(ctx, config, shared.conns.work)
	if err != nil {
		return nil, err
	}
	if db.readers, err = shared.onOwnConns(ctx, config, shared.conns.read); err == nil {
		db.probes, err = shared.onOwnConns(ctx, config, shared.conns.probe)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// onOwnConns returns the same store with connections of its own, most at once.
func (db *DB) onOwnConns(ctx context.Context, config *pgxpool.Config, most int32) (*DB, error) {
	own, view := config.Copy(), *db
	own.MaxConns = most
	var err error
	if view.pool, err = pgxpool.NewWithConfig(ctx, own); err != nil {
		return nil, err
	}
	return &view, nil
}

// guessing are the modes of pgx that guess the types of what is sent, which fails for lists, by the names that addresses use.
var guessing = map[pgx.QueryExecMode]string{pgx.QueryExecModeExec: "exec", pgx.QueryExecModeSimpleProtocol: "simple_protocol"}

// poolConfig returns how every pool of connections to the database at url is set up.
func poolConfig(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, unreadable(err)
	}
	if mode := guessing[config.ConnConfig.DefaultQueryExecMode]; mode != "" {
		return nil, fmt.Errorf("DATABASE_URL: default_query_exec_mode=%s does not work: set cache_describe instead, or "+
			"leave it out", mode)
	}
	config.MaxConnLifetime = 10 * time.Minute
	config.MaxConnLifetimeJitter = time.Minute
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 2 * time.Second
	}
	setUpSession(&config.ConnConfig.Config)
	leaveReadOnly(config)
	return config, nil
}

func unreadable(err error) error {
	return fmt.Errorf("DATABASE_URL cannot be read: write it as postgres://user:password@host:5432/database: %w", err)
}

// CheckURL returns what is wrong with the way the address of a database is written, without its password.
func CheckURL(url string) error {
	if url == "" {
		return nil
	}
	_, err := wanted(url)
	if err == nil {
		_, err = poolConfig(url)
	}
	return err
}

// Readers returns the same store for what visitors read, on connections of its own: they do not take those of people who
// send a request or work.
func (db *DB) Readers() *DB { return db.readers }

// Probes returns the same store for what a balancer asks, on connections of its own: load alone makes no instance look dead.
func (db *DB) Probes() *DB { return db.probes }

// Conns returns the pool. Package demo uses it to load sample data.
func (db *DB) Conns() *pgxpool.Pool { return db.pool }

// closeTime limits how long Close waits for what is under way.
const closeTime = 5 * time.Second

// Close waits for what is under way, for closeTime at most, and closes the connections.
func (db *DB) Close() {
	closed := make(chan struct{})
	go func() {
		for _, one := range []*DB{db, db.readers, db.probes} {
			if one != nil {
				one.pool.Close()
			}
		}
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closeTime):
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

// Ready reports, by its error, whether the database can be written to, and by this program: see ErrOutdated.
func (db *DB) Ready(ctx context.Context) error {
	if db.outdated.Load() {
		return ErrOutdated
	}
	readOnly, err := isReadOnly(ctx, db.pool)
	switch last := db.LastWrite(); {
	case err != nil:
		return mapError(err)
	case readOnly:
		return errReadOnly
	case last > BeatBound:
		return fmt.Errorf("the last write was %v ago: %w", last.Round(time.Second), fault.Unavailable)
	}
	return nil
}

// inTx runs work in one transaction and maps its error to the kinds that a user can meet.
func (db *DB) inTx(ctx context.Context, work func(tx pgx.Tx) error) error {
	return mapError(pgx.BeginFunc(ctx, db.pool, work))
}

// retryInTx is inTx for work that may be done twice: it is tried again if the connection broke under it. After a restart of
// PostgreSQL each pooled connection proves to be dead when it is next used.
func (db *DB) retryInTx(ctx context.Context, work func(tx pgx.Tx) error) error {
	err := db.inTx(ctx, work)
	if broken(err) && ctx.Err() == nil {
		err = db.inTx(ctx, work)
	}
	return err
}

// execOne runs a statement that has to find a row. It returns fault.NotFound if no row matches.
func execOne(ctx context.Context, q querier, sql string, args ...any) error {
	tag, err := q.Exec(ctx, sql, args...)
	if err == nil && tag.RowsAffected() == 0 {
		err = fault.NotFound
	}
	return err
}
