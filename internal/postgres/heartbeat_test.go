package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// timeout bounds what a test waits for.
const timeout = 10 * time.Second

// listen has the store listen, and write its heartbeat, until the test ends.
func listen(t *testing.T, db *postgres.DB) *pgtest.Log {
	t.Helper()
	log := &pgtest.Log{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		db.ListenSiteVersion(ctx, slog.New(slog.NewTextHandler(log, nil)), func(int64) {})
		close(done)
	}()
	t.Cleanup(func() { stop(); <-done })
	return log
}

// TestDatabaseThatTakesNoWritesIsNotReady has writes fail as on a full disk, where reads and the check for read-only succeed.
func TestDatabaseThatTakesNoWritesIsNotReady(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, url)
	if err := db.Ready(ctx); err != nil {
		t.Errorf("before it serves: %v", err)
	}
	err := pgtest.Exec(t, url, `
		CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
		CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON heartbeat EXECUTE FUNCTION full_disk()`)
	if err != nil {
		t.Fatal(err)
	}
	log := listen(t, db)
	pgtest.Eventually(t, timeout, "a write fails", func() bool { return strings.Contains(log.String(), "No space left") })
	if err := db.Ready(ctx); err != nil {
		t.Errorf("one failed write after the start: %v", err)
	}
	db.SetLastWrite(time.Now().Add(-31 * time.Second))
	if err := db.Ready(ctx); !errors.Is(err, fault.Unavailable) {
		t.Errorf("31 seconds without a write: %v", err)
	}
	if err := pgtest.Exec(t, url, `DROP TRIGGER full_disk ON heartbeat`); err != nil {
		t.Fatal(err)
	}
	pgtest.Eventually(t, timeout, "it is ready again", func() bool { return db.Ready(ctx) == nil })
}

func TestNothingIsErasedForADayAfterTheClockJumped(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, url)
	receive(t, db, sent("1", "spam"))
	if _, err := db.Quarantine(ctx, "TB-0001", addMember(t, db, staff.Admin)); err != nil {
		t.Fatal(err)
	}
	db = pgtest.After(t, url, "40 days")
	kept := func() bool {
		t.Helper()
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		return all(t, db)[0].Project != ""
	}
	for _, step := range []struct {
		name, sql string
		kept      bool
	}{
		{"at the first sweep after a jump", `UPDATE heartbeat SET at = now() - interval '40 days'`, true},
		{"at the first sweep after a jump back", `UPDATE heartbeat SET at = now() + interval '40 days'`, true},
		{"a little later", `UPDATE heartbeat SET at = now(), steady_since = now() - interval '23 hours'`, true},
		{"after a steady day", `UPDATE heartbeat SET steady_since = now() - interval '25 hours'`, false},
	} {
		if err := pgtest.Exec(t, url, step.sql); err != nil {
			t.Fatal(err)
		}
		if kept() != step.kept {
			t.Errorf("%s: kept is %v, want %v", step.name, !step.kept, step.kept)
		}
	}
}

func TestHeartbeatNotesAndSaysThatTheClockJumped(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	if err := pgtest.Exec(t, url, `UPDATE heartbeat SET at = now() - interval '40 days'`); err != nil {
		t.Fatal(err)
	}
	db := pgtest.Open(t, url)
	log := listen(t, db)
	pgtest.Eventually(t, timeout, "the log says so", func() bool {
		return strings.Contains(log.String(), "clock is more than a day away")
	})
	until, err := db.DeletionWaits(context.Background())
	if wait := time.Until(until); err != nil || wait < 23*time.Hour || wait > 25*time.Hour {
		t.Errorf("deletion waits for %v (%v), want a day", wait, err)
	}
}
