package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// conns is how many connections there may be for each use.
type conns struct{ work, read, probe, queue int32 }

// usual is where nothing else is set or allowed. The queue's are for its mails and for what it does for itself.
var usual = conns{work: 16, read: 6, probe: 2, queue: 14}

const (
	listenConns = 1  // of ListenSiteVersion
	spareConns  = 20 // for administrators, backups and what PostgreSQL reserves
	minWork     = 2  // migrations hold a lock on one while they work on another
)

// all returns how many there may be at once.
func (c conns) all() int { return int(c.work+c.read+c.probe+c.queue) + listenConns }

// within returns how many of each fit into the limit, at least what the program needs to run.
func (c conns) within(limit int) conns {
	if limit >= c.all() {
		return c
	}
	share := func(n int32) int32 { return max(1, int32(int(n)*(limit-listenConns)/(c.all()-listenConns))) }
	less := conns{read: share(c.read), probe: share(c.probe), queue: share(c.queue)}
	less.work = max(minWork, int32(limit)-listenConns-less.read-less.probe-less.queue)
	return less
}

// wanted returns how many connections are wanted: pool_max_conns in the address is how many there are for work.
func wanted(url string) (conns, error) {
	c := usual
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return c, unreadable(err)
	}
	if given := config.RuntimeParams["pool_max_conns"]; given != "" {
		n, err := strconv.ParseInt(given, 10, 16)
		if err != nil || n < minWork {
			return c, fmt.Errorf("DATABASE_URL: pool_max_conns=%s is not a number from %d up", given, minWork)
		}
		c.work = int32(n)
	}
	return c, nil
}

// Shortage is what allows the program fewer connections than it would open.
type Shortage struct {
	Opens, Allowed int
	By             string // in words
	Remedy         string // SQL for the database's administrator
}

// Shortage returns what allows fewer connections than the program would open, nil if nothing does.
func (db *DB) Shortage() *Shortage { return db.shortage }

// findShortage returns what allows fewer connections than are wanted, nil if nothing does. It does not count the connections of
// others.
func findShortage(ctx context.Context, q querier, want conns) (*Shortage, error) {
	s := Shortage{Opens: want.all()}
	var role, database string
	var ofRole, ofDatabase, ofServer int
	err := q.QueryRow(ctx, `
		SELECT r.rolname, d.datname, CASE WHEN r.rolsuper THEN -1 ELSE r.rolconnlimit END,
		       CASE WHEN r.rolsuper THEN -1 ELSE d.datconnlimit END,
		       current_setting('max_connections')::int - CASE WHEN r.rolsuper THEN 0 ELSE
		           current_setting('superuser_reserved_connections')::int +
		           coalesce(current_setting('reserved_connections', true), '0')::int END
		FROM pg_roles r, pg_database d
		WHERE r.rolname = session_user AND d.datname = current_database()`).
		Scan(&role, &database, &ofRole, &ofDatabase, &ofServer)
	if err != nil {
		return nil, err
	}
	s.Allowed = s.Opens
	for _, limit := range []struct {
		most       int
		by, remedy string
	}{
		{ofRole, "the role " + role, fmt.Sprintf("ALTER ROLE %s CONNECTION LIMIT %d", pgx.Identifier{role}.Sanitize(), s.Opens)},
		{
			ofDatabase, "the database " + database,
			fmt.Sprintf("ALTER DATABASE %s CONNECTION LIMIT %d", pgx.Identifier{database}.Sanitize(), s.Opens),
		},
		{
			ofServer, "the server",
			fmt.Sprintf("ALTER SYSTEM SET max_connections = %d, and restart PostgreSQL", s.Opens+spareConns),
		},
	} {
		if limit.most >= 0 && limit.most < s.Allowed {
			s.Allowed, s.By, s.Remedy = limit.most, limit.by, limit.remedy
		}
	}
	if s.By == "" {
		return nil, nil
	}
	return &s, nil
}

// reach connects once, refuses a pooler that lends connections, sets the queue's clock by the database's, and finds out how many
// connections there may be.
func (db *DB) reach(ctx context.Context, config *pgxpool.Config) error {
	plain := config.ConnConfig.Copy()
	plain.AfterConnect = nil // a pooler may lend the connection to other programs next
	conn, err := pgx.ConnectConfig(ctx, plain)
	if err == nil {
		defer conn.Close(context.WithoutCancel(ctx))
		err = checkSession(ctx, conn)
	}
	if err == nil {
		db.shortage, err = findShortage(ctx, conn, db.conns)
	}
	var now time.Time
	if err == nil {
		err = conn.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
	}
	if MayComeBack(err) {
		return fmt.Errorf("PostgreSQL does not answer: %w", err)
	}
	if err != nil {
		return err
	}
	db.clock.set(now)
	if db.shortage != nil {
		db.conns = db.conns.within(db.shortage.Allowed)
	}
	return nil
}
