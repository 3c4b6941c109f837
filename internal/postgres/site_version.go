package postgres

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// channel carries the new version to every instance that listens.
const channel = "tiebreak_site"

// bumpVersion tells all instances that pages changed, once the transaction commits.
func bumpVersion(ctx context.Context, tx pgx.Tx) (err error) {
	defer wrap(&err, "site version")
	_, err = tx.Exec(ctx, `
		WITH bumped AS (UPDATE site_version SET version = version + 1 RETURNING version)
		SELECT pg_notify($1, version::text) FROM bumped`, channel)
	return err
}

// SiteVersion counts the changes of what visitors see.
func (db *DB) SiteVersion(ctx context.Context) (int64, error) { return siteVersion(ctx, db.pool) }

func siteVersion(ctx context.Context, q querier) (version int64, err error) {
	defer wrap(&err, "site version")
	err = q.QueryRow(ctx, `SELECT version FROM site_version`).Scan(&version)
	return version, err
}

// ListenRetry is how long a lost LISTEN connection rests before the next try.
const ListenRetry = time.Second

// ListenSiteVersion calls hear with each new version until ctx ends, on a connection of its own. A lost connection is made
// again, and what was missed meanwhile is read then; callers that cannot wait for that compare SiteVersion now and then. The same
// connection writes the heartbeat: where it cannot write, it leaves the server.
func (db *DB) ListenSiteVersion(ctx context.Context, log *slog.Logger, hear func(version int64)) {
	db.wrote() // as if it had: nothing is known yet
	absence := absence{db: db, log: log}
	for ctx.Err() == nil {
		if err := db.listen(ctx, &absence, hear); err != nil && ctx.Err() == nil {
			absence.failed(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(ListenRetry):
		}
	}
}

func (db *DB) listen(ctx context.Context, absence *absence, hear func(version int64)) error {
	limited, cancel := context.WithTimeout(ctx, beatTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(limited, db.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(limited, `LISTEN `+channel); err != nil {
		return err
	}
	version, err := siteVersion(limited, conn)
	if err != nil {
		return err
	}
	hear(version)
	for {
		if err := db.beat(ctx, conn, absence.log); err != nil {
			return err
		}
		absence.over()
		if err := hearFor(ctx, beatEvery, conn, hear); err != nil {
			return err
		}
	}
}

// hearFor calls hear with each new version for the time.
func hearFor(ctx context.Context, limit time.Duration, conn *pgx.Conn, hear func(version int64)) error {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		n, err := conn.WaitForNotification(limited)
		if err != nil && limited.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
		if version, err := strconv.ParseInt(n.Payload, 10, 64); err == nil {
			hear(version)
		}
	}
}
