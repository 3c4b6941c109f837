package postgres_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

// newest is the schema of this program.
var newest = migrations.Newest()

// migrate migrates the database and returns what it logged.
func migrate(t *testing.T, db *postgres.DB) (log string, err error) {
	t.Helper()
	said := &pgtest.Log{}
	err = db.Migrate(t.Context(), slog.New(slog.NewTextHandler(said, nil)))
	return said.String(), err
}

func TestProgramRefusesASchemaThatItIsTooOldFor(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	pgtest.Upgrade(t, url, newest+2, newest+1)
	before := pgtest.Digests(t, url, "")

	_, err := migrate(t, db)
	want := fmt.Sprintf("the database has schema %d. This program knows schemas up to %d. Start the newer program, or restore a "+
		"backup made before the upgrade", newest+2, newest)
	if err == nil || err.Error() != want {
		t.Errorf("Migrate says %v, want %s", err, want)
	}
	if _, _, err := db.PendingMigrations(t.Context()); err == nil || err.Error() != want {
		t.Errorf("PendingMigrations says %v, want %s", err, want)
	}
	if changed := pgtest.Changed(before, pgtest.Digests(t, url, "")); changed != nil {
		t.Errorf("changed %v", changed)
	}
}

func TestProgramLeavesANewerSchemaThatAllowsItAsItIs(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	pgtest.Upgrade(t, url, newest+2, newest)
	before := pgtest.Digests(t, url, "")

	log, err := migrate(t, db)
	warning := fmt.Sprintf("database=%d program=%d", newest+2, newest)
	if err != nil || !strings.Contains(log, "level=WARN") || !strings.Contains(log, warning) {
		t.Errorf("Migrate says %v and logs %q, want a warning with %q", err, log, warning)
	}
	if changed := pgtest.Changed(before, pgtest.Digests(t, url, "")); changed != nil {
		t.Errorf("changed %v", changed)
	}
	signIn(t, db, addMember(t, db, staff.Reader), staff.Digest("token"))
}

func TestPendingMigrationsNameBothSchemas(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	for _, step := range []struct {
		name   string
		change func()
		from   int64
	}{
		{"up to date", func() {}, newest},
		{"behind", func() { pgtest.MigrateBack(t, url, 34) }, 33},
		{"new", func() { exec(t, url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`) }, 0},
	} {
		step.change()
		from, to, err := db.PendingMigrations(t.Context())
		if err != nil || from != step.from || to != newest {
			t.Errorf("%s: from %d to %d (%v), want %d and %d", step.name, from, to, err, step.from, newest)
		}
	}
	pgtest.Migrate(t, db)
	if from, to, err := db.PendingMigrations(t.Context()); err != nil || from != to {
		t.Errorf("migrated: from %d to %d (%v)", from, to, err)
	}
}

func TestRunningProgramIsNotReadyAfterAnUpgradeThatItIsTooOldFor(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Reader)
	hash, err := db.PasswordHash(t.Context(), member)
	if err != nil {
		t.Fatal(err)
	}
	pgtest.Upgrade(t, url, newest+1, newest+1)

	_, err = db.SignIn(t.Context(), member, hash, staff.NewSession{TokenDigest: staff.Digest("token")})
	if !errors.Is(err, postgres.ErrOutdated) {
		t.Errorf("the sign-in says %v", err)
	}
	log := listen(t, db)
	pgtest.Eventually(t, timeout, "it says so", func() bool { return errors.Is(db.Ready(t.Context()), postgres.ErrOutdated) })
	exec(t, url, `UPDATE heartbeat SET at = at - interval '1 hour'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query LIKE '%INTO heartbeat%' AND pid <> pg_backend_pid()`)
	pgtest.Await(t, url, timeout, `at > now() - interval '1 minute' FROM heartbeat`)
	if times := strings.Count(log.String(), "A newer program has upgraded the database"); times != 1 {
		t.Errorf("logged %d times: %s", times, log)
	}

	exec(t, url, fmt.Sprintf(`UPDATE schema_compatibility SET oldest = %d`, newest))
	listen(t, db)
	pgtest.Eventually(t, timeout, "it is ready again", func() bool { return db.Ready(t.Context()) == nil })
}
