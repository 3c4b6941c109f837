package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// sessionSettings are set on each connection once it is there: PgBouncer refuses them as startup parameters.
const sessionSettings = `
	SET default_transaction_isolation = 'read committed'; -- our transactions wait for each other by locks
	SET lock_timeout = '2s';
	SET idle_in_transaction_session_timeout = '10s';
	SET client_connection_check_interval = '1s';
	SET jit = off -- no query of ours is long enough to gain what compiling it costs`

// setUpSession has each connection begin with our settings.
func setUpSession(config *pgconn.Config) {
	config.RuntimeParams["application_name"] = "tiebreak"
	config.RuntimeParams["timezone"] = "UTC"
	config.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		limited, cancel := context.WithTimeout(ctx, config.ConnectTimeout)
		defer cancel()
		return conn.Exec(limited, sessionSettings).Close()
	}
}

// errSharedSession says why a pooler in transaction mode is refused: LISTEN, the locks of migrations and of the mailbox, and the
// settings of a connection would end up with another program.
var errSharedSession = errors.New("DATABASE_URL leads to a connection pooler, such as PgBouncer, that lends connections for " +
	"one transaction at a time. Set pool_mode = session for this database in pgbouncer.ini, or connect to PostgreSQL directly: " +
	"see tiebreak help cluster")

// poolerTries is how often two connections have to be different ones: while others use the pooler too, it may lend two by chance.
const poolerTries = 20

// checkSession returns errSharedSession if a pooler lends the sessions of PostgreSQL for one transaction at a time. A pooler
// reports a process number of its own. Two of its connections that reach the same process of PostgreSQL share its session.
func checkSession(ctx context.Context, conn *pgx.Conn) error {
	pid, err := backend(ctx, conn)
	if err != nil || pid == conn.PgConn().PID() {
		return err
	}
	other, err := pgx.ConnectConfig(ctx, conn.Config())
	if err != nil {
		return err
	}
	defer other.Close(context.WithoutCancel(ctx))
	for range poolerTries {
		pid, err := backend(ctx, conn)
		if err != nil {
			return err
		}
		if otherPID, err := backend(ctx, other); err != nil || otherPID == pid {
			return errors.Join(err, errSharedSession)
		}
	}
	return nil
}

// backend returns the number of PostgreSQL's process at the other end. It leaves no prepared statement behind.
func backend(ctx context.Context, conn *pgx.Conn) (pid uint32, err error) {
	err = conn.QueryRow(ctx, `SELECT pg_backend_pid()`, pgx.QueryExecModeExec).Scan(&pid)
	return pid, err
}
