package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// listen has the store listen, and write its heartbeat, until the test ends.
func listen(t *testing.T, db *postgres.DB) *journal {
	t.Helper()
	log := &journal{}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		db.ListenSiteVersion(ctx, slog.New(slog.NewTextHandler(log, nil)), func(int64) {})
		close(done)
	}()
	t.Cleanup(func() { stop(); <-done })
	return log
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("not within 10 seconds: %s", what)
		case <-tick.C:
		}
	}
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
	eventually(t, "a write fails", func() bool { return strings.Contains(log.String(), "No space left") })
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
	eventually(t, "it is ready again", func() bool { return db.Ready(ctx) == nil })
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
	eventually(t, "the log says so", func() bool { return strings.Contains(log.String(), "clock is more than a day away") })
	until, err := db.DeletionWaits(context.Background())
	if wait := time.Until(until); err != nil || wait < 23*time.Hour || wait > 25*time.Hour {
		t.Errorf("deletion waits for %v (%v), want a day", wait, err)
	}
}
