package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	askEvery    = time.Second     // how often a connection in use is asked whether it can write
	askTime     = time.Second     // for its answer
	readOnlyFor = 5 * time.Second // how long a connection that cannot write is used: the next one may reach a server that can
)

// leaveReadOnly has the pool leave a server that turned read-only while the connections to it stayed open, as after a
// switchover. Reads go on where no other server takes over.
func leaveReadOnly(config *pgxpool.Config) {
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		data := conn.PgConn().CustomData()
		data[madeAt], data[askedAt] = time.Now(), time.Now()
		return nil
	}
	// PrepareConn finds dead connections too.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	config.PrepareConn = usable

	onError := config.ConnConfig.OnPgError
	config.ConnConfig.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		return err.Code != readOnlyState && onError(conn, err)
	}
}

// readOnlyState is the SQLSTATE of a write that a server refuses because it is read-only.
const readOnlyState = "25006"

// Keys of what is noted about a connection.
const (
	madeAt  = "made at"
	askedAt = "asked at"
)

// usable reports whether the connection answers and can write, or is so new that no other would be better.
func usable(ctx context.Context, conn *pgx.Conn) (bool, error) {
	data := conn.PgConn().CustomData()
	if asked, _ := data[askedAt].(time.Time); time.Since(asked) < askEvery {
		return true, nil
	}
	limited, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	readOnly, err := isReadOnly(limited, conn)
	if err != nil {
		return false, ctx.Err()
	}
	data[askedAt] = time.Now()
	made, _ := data[madeAt].(time.Time)
	return !readOnly || time.Since(made) < readOnlyFor, nil
}

// querier is a connection, a transaction or a pool.
type querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func isReadOnly(ctx context.Context, q querier) (readOnly bool, err error) {
	err = q.QueryRow(ctx, `SELECT current_setting('transaction_read_only')::boolean`).Scan(&readOnly)
	return readOnly, err
}
