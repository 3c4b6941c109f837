package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
)

// holdSessions reads the sessions in a transaction that stays open until release is called, under the name of a program.
func holdSessions(t *testing.T, url, name string) (process uint32, release func()) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url+"&application_name="+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(ctx) })
	if _, err := conn.Exec(ctx, `BEGIN; LOCK TABLE sessions IN ACCESS SHARE MODE`); err != nil {
		t.Fatal(err)
	}
	return conn.PgConn().PID(), func() {
		t.Helper()
		if _, err := conn.Exec(ctx, `COMMIT`); err != nil {
			t.Fatal(err)
		}
	}
}

// migrateInBackground migrates the database while the test continues, until ctx ends.
func migrateInBackground(ctx context.Context, t *testing.T, url string) (log *pgtest.Log, done <-chan error) {
	t.Helper()
	db, said, ended := pgtest.Open(t, url), &pgtest.Log{}, make(chan error, 1)
	go func() { ended <- db.Migrate(ctx, slog.New(slog.NewTextHandler(said, nil))) }()
	return said, ended
}

// migrationWaits is the SQL condition that a migration waits for a lock at this moment.
const migrationWaits = `EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'tiebreak migration'
	AND wait_event_type = 'Lock' AND datname = current_database())`

func TestMigrationWaitsForABackupAndSaysSo(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	pgtest.MigrateBack(t, url, 35)
	process, release := holdSessions(t, url, "pg_dump")

	log, done := migrateInBackground(t.Context(), t, url)
	said := fmt.Sprintf(`holder="a backup (pg_dump)" process=%d since=20`, process)
	pgtest.Eventually(t, timeout, "the log names the holder", func() bool { return strings.Contains(log.String(), said) })
	// More than one try: the first one's failure is not the end.
	for range 2 {
		pgtest.Await(t, url, timeout, migrationWaits)
		pgtest.Await(t, url, timeout, "NOT "+migrationWaits)
	}
	select {
	case err := <-done:
		t.Fatalf("Migrate did not wait: %v", err)
	default:
	}

	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, 0, fmt.Sprintf(`max(version_id) = %d FROM goose_db_version`, newest))
	// The connections that were used to migrate are in the pool as all others.
	pgtest.Await(t, url, 0, `NOT EXISTS (SELECT FROM pg_stat_activity
		WHERE application_name = 'tiebreak migration' AND datname = current_database())`)
}

func TestFormsAreTakenWhileAMigrationWaits(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	pgtest.MigrateBack(t, url, 35)
	_, release := holdSessions(t, url, "psql")
	log, done := migrateInBackground(t.Context(), t, url)
	pgtest.Eventually(t, timeout, "the log names the holder", func() bool {
		return strings.Contains(log.String(), "holder=psql")
	})

	for range 3 {
		pgtest.Await(t, url, timeout, migrationWaits)
		exec(t, url, `SET lock_timeout = '1s'; DELETE FROM sessions`) // behind the migration, which gives up before that
	}
	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestWaitingMigrationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	pgtest.MigrateBack(t, url, 35)
	holdSessions(t, url, "")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()

	log, done := migrateInBackground(ctx, t, url)
	pgtest.Eventually(t, timeout, "the log names the holder", func() bool {
		return strings.Contains(log.String(), `holder="a program without a name"`)
	})
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("Migrate says %v", err)
	}
	pgtest.Await(t, url, 0, `max(version_id) = 34 FROM goose_db_version`)
}
