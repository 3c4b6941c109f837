// Package pgtest gives each test a migrated PostgreSQL database of its own. Only tests import it.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// template is the database that all others are copies of: migrated, and never used by a test itself.
const template = "tiebreak"

var (
	starting sync.Once
	failure  error // of the start
	folder   string
	cluster  *pgembed.Cluster
	made     atomic.Int64
	filling  []Fill
)

// Fill adds something to the database that all databases of a package's tests are copies of.
type Fill func(ctx context.Context, db *postgres.DB) error

// Main runs a package's tests on a PostgreSQL that is started for the first test that needs it and stopped after the last:
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
// fill adds, once, what all tests of the package need in their databases.
func Main(m *testing.M, fill ...Fill) {
	filling = fill
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		code = 1
	}
	os.Exit(code)
}

// running returns the tests' PostgreSQL, and starts it at the first call: the many processes that fuzz do not need it.
func running(t testing.TB) *pgembed.Cluster {
	t.Helper()
	starting.Do(func() { failure = start() })
	must(t, failure)
	return cluster
}

func start() (err error) {
	if folder, err = NewFolder(); err != nil {
		return err
	}
	if cluster, err = openCluster(folder); err != nil {
		return err
	}
	ctx := context.Background()
	db, err := postgres.Open(ctx, cluster.URL())
	if err != nil {
		return err
	}
	defer db.Close()
	err = db.Migrate(ctx, slog.New(slog.DiscardHandler))
	for _, fill := range filling {
		if err == nil {
			err = fill(ctx, db)
		}
	}
	return err
}

func openCluster(folder string) (*pgembed.Cluster, error) {
	return pgembed.Open(context.Background(), pgembed.Options{
		Folder: folder, Explicit: true, Bin: os.Getenv("PG_BIN"), Command: "test", Fast: true,
	})
}

func stop() (err error) {
	if cluster != nil {
		err = cluster.Close()
	}
	return errors.Join(err, os.RemoveAll(folder))
}

// New returns a store on a database of its own.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, NewURL(t))
}

// NewURL returns the address of a new database of the test's own.
func NewURL(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "TEMPLATE "+template+" STRATEGY file_copy")
}

// EmptyURL returns the address of a new database with nothing in it.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "TEMPLATE template0")
}

func newDatabase(t testing.TB, options string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", made.Add(1))
	administer(t, fmt.Sprintf(`CREATE DATABASE %s %s`, name, options))
	t.Cleanup(func() { administer(t, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, name)) })
	return running(t).URLFor(name)
}

// Open returns another store on the database at url.
func Open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(context.Background(), url)
	must(t, err)
	t.Cleanup(db.Close)
	return db
}

// Exec runs SQL on the database at url, for what no store method does: moving the clock, breaking a rule.
func Exec(t testing.TB, url, sql string) error {
	t.Helper()
	ctx := context.Background()
	conn := connect(t, url)
	defer conn.Close(ctx)
	_, err := conn.Exec(ctx, sql)
	return err
}

// Lock locks the table for all others until the test ends.
func Lock(t testing.TB, url, table string) {
	t.Helper()
	ctx := context.Background()
	conn := connect(t, url)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	_, err := conn.Exec(ctx, "BEGIN; LOCK TABLE "+pgx.Identifier{table}.Sanitize())
	must(t, err)
}

func administer(t testing.TB, sql string) {
	t.Helper()
	must(t, Exec(t, running(t).URLFor("postgres"), sql))
}

// connect opens a connection of the test's own to the database at url. The caller closes it.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	must(t, err)
	return conn
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Hold takes an advisory lock in the database at url until the caller releases it.
func Hold(t testing.TB, url string, lock int64) (release func()) {
	t.Helper()
	ctx := context.Background()
	conn := connect(t, url)
	_, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lock)
	must(t, err)
	return func() { _ = conn.Close(ctx) }
}
