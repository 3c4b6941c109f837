package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	// migrationLockTimeout is how long a migration waits for the lock on a table. Forms that need the table wait behind it.
	migrationLockTimeout = 500 * time.Millisecond
	migrationPause       = time.Second      // after a try that got no lock: forms go on
	blockersAgain        = 10 * time.Second // between two lines of the log about what holds the locks

	forever = math.MaxInt32 // how often another instance's migration is waited for, once a second
)

// migrationName is the application_name under which the connection that migrates is seen in PostgreSQL.
const migrationName = "tiebreak migration"

// migrationLock is goose's lock, held by the connection that migrates. It also sets that connection up.
type migrationLock struct{ lock.SessionLocker }

// SessionLock takes the lock.
func (l migrationLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`SET application_name = '%s'; SET lock_timeout = %d`, migrationName,
		migrationLockTimeout.Milliseconds()))
	if err != nil {
		return err
	}
	return l.SessionLocker.SessionLock(ctx, conn)
}

// SessionUnlock gives the lock back, and the connection to the pool as it was.
func (l migrationLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `RESET application_name;`+sessionSettings)
	return errors.Join(err, l.SessionLocker.SessionUnlock(ctx, conn))
}

// applyPending applies the pending migrations. One that does not get a lock in time is undone and tried again until ctx ends.
func (db *DB) applyPending(ctx context.Context, p *goose.Provider, log *slog.Logger) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go db.logBlockers(watching, log)
	for {
		_, err := p.Up(ctx)
		if sqlState(err) != lockNotAvailable {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(migrationPause):
		}
	}
}

// blocker is a session that holds a lock that a migration waits for.
type blocker struct {
	PID   int32
	Name  *string    // nil for a prepared transaction, which has no session
	Since *time.Time // when its transaction began; nil if our role may not see it
}

// String returns what the session is, for the log.
func (b blocker) String() string {
	switch {
	case b.Name == nil:
		return "a prepared transaction"
	case *b.Name == "pg_dump":
		return "a backup (pg_dump)"
	case *b.Name == "":
		return "a program without a name"
	}
	return *b.Name
}

// logBlockers logs what holds the locks that a migration waits for, at once and then now and then, until ctx ends.
func (db *DB) logBlockers(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(migrationLockTimeout / 5)
	defer tick.Stop()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if time.Since(last) < blockersAgain {
			continue
		}
		blockers, err := db.blockers(ctx)
		if err != nil {
			continue // the migration meets the same error
		}
		for _, b := range blockers {
			last = time.Now()
			log.Warn("The migration waits for another program to release its locks. It tries again every second.",
				"holder", b.String(), "process", b.PID, "since", b.Since)
		}
	}
}

// blockers returns what holds the locks that any instance's migration waits for at this moment.
func (db *DB) blockers(ctx context.Context) ([]blocker, error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT DISTINCT by.pid, holder.application_name AS name, holder.xact_start AS since
		FROM pg_stat_activity waiting
		CROSS JOIN unnest(pg_blocking_pids(waiting.pid)) AS by (pid)
		LEFT JOIN pg_stat_activity holder ON holder.pid = by.pid
		WHERE waiting.datname = current_database() AND waiting.application_name = $1
		ORDER BY since`, migrationName)
	return pgx.CollectRows(rows, pgx.RowToStructByName[blocker])
}
