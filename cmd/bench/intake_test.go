package main

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide/starter"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestPGBenchDoesWhatAnIntakeDoes holds intake.sql to the program: as many rows written into the same tables, the same
// tables and indexes asked as often.
func TestPGBenchDoesWhatAnIntakeDoes(t *testing.T) {
	t.Parallel()
	program, err := pgbench()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	ours, theirs := work(t, receive), work(t, func(t *testing.T, url, _ string) { runOnce(t, program, url) })
	if len(ours) == 0 || !maps.Equal(ours, theirs) {
		t.Errorf("an intake does\n%v\nintake.sql does\n%v", ours, theirs)
	}
}

// receive has the program take in a request like those that the bench sends.
func receive(t *testing.T, url, edition string) {
	t.Helper()
	db := pgtest.Open(t, url)
	defer db.Close()
	_, err := db.ReceiveLead(context.Background(), lead.Submission{
		Key: []byte("key"), Body: []byte("body"), Address: []byte("address"), Client: []byte("client"),
		Contents: lead.Contents{Name: "Sample Person", Email: "sample@example.org", Project: "A sample project"},
		Choices: lead.Choices{
			Guide: "django-vs-fastapi", GuideTitle: "Django vs FastAPI", Edition: edition, Option: "django", OptionName: "Django",
		},
	})
	must(t, err)
}

// runOnce has pgbench run intake.sql once.
func runOnce(t *testing.T, program, url string) {
	t.Helper()
	script := filepath.Join(t.TempDir(), "intake.sql")
	must(t, os.WriteFile(script, []byte(intakeSQL), 0o644))
	run := exec.Command(program, "--no-vacuum", "--protocol=prepared", "--transactions=1", "--file", script, url)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("pgbench: %v: %s", err, out)
	}
}

// work returns what an intake has PostgreSQL do in a database with the starter guides: its own counts, those that changed.
func work(t *testing.T, intake func(t *testing.T, url, edition string)) map[string]int {
	t.Helper()
	ctx, url := context.Background(), pgtest.NewURL(t)
	folder, err := starter.Folder()
	must(t, err)
	db := pgtest.Open(t, url)
	_, err = db.Start(ctx, folder)
	must(t, err)
	e, err := db.CurrentEdition(ctx, "django-vs-fastapi")
	must(t, err)
	db.Close()
	before := counts(t, url)
	intake(t, url, e.Digest)
	after := counts(t, url)
	for what, n := range before {
		after[what] -= n
	}
	maps.DeleteFunc(after, func(_ string, n int) bool { return n == 0 })
	return after
}

// counts returns PostgreSQL's counts, once all clients of the database are gone: they report their counts as they leave.
func counts(t *testing.T, url string) map[string]int {
	t.Helper()
	pgtest.Await(t, url, 10*time.Second, `NOT EXISTS (SELECT FROM pg_stat_activity
		WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid())`)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	must(t, err)
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `
		SELECT relname || ': ' || what, n
		FROM pg_stat_user_tables, LATERAL (
			VALUES ('inserted', n_tup_ins), ('updated', n_tup_upd), ('read through', seq_scan)
		) c (what, n)
		UNION ALL SELECT indexrelname || ': asked', idx_scan FROM pg_stat_user_indexes`)
	counted := map[string]int{}
	var what string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&what, &n}, func() error {
		counted[what] += n
		return nil
	})
	must(t, err)
	return counted
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
