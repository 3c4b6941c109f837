package postgres_test

import (
	"context"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestClosedLeadsAreErasedAfterTheirDays(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Admin)
	for _, words := range []string{"open", "withdrawn", "lost", "won", "suspect"} {
		receive(t, db, sent(words, words))
	}
	move := func(reference string, steps ...lead.Status) {
		t.Helper()
		for _, to := range steps {
			pgtest.Move(t, db, reference, member, to)
		}
	}
	if err := db.Withdraw(ctx, all(t, db)[3].Token); err != nil {
		t.Fatal(err)
	}
	move("TB-0003", lead.Lost)
	move("TB-0004", lead.Contacted, lead.Won)
	if _, err := db.Quarantine(ctx, "TB-0005", member); err != nil {
		t.Fatal(err)
	}
	promise(t, db, member, func(p *lead.Promise) { p.Keep = lead.Retention{Withdrawn: 30, Lost: 180, Suspect: 10} })

	for _, step := range []struct {
		shift string
		old   int
		left  []string // with contents, by what was typed
	}{
		{"9 days", 0, []string{"suspect", "won", "lost", "withdrawn", "open"}},
		{"11 days", 1, []string{"won", "lost", "withdrawn", "open"}},
		{"31 days", 1, []string{"won", "lost", "open"}},
		{"181 days", 1, []string{"won", "open"}},
		{"3000 days", 0, []string{"won", "open"}},
	} {
		later := pgtest.After(t, url, step.shift)
		if n, err := later.KeptLongEnough(ctx, settings(t, later).Promise.Keep); err != nil || n != step.old {
			t.Errorf("after %s: %d are told to be erased (%v)", step.shift, n, err)
		}
		for range 2 { // the second sweep of the day does nothing
			if err := later.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		var left []string
		for _, l := range all(t, later) {
			if l.Project != "" {
				left = append(left, l.Project)
			}
		}
		if len(left) != len(step.left) {
			t.Errorf("after %s: %v are left, want %v", step.shift, left, step.left)
		}
		later.Close()
	}
}

func TestNetworkOfALeadIsForgottenAfterTwoDays(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	submission := sent("A sample project", "A sample project")
	submission.Client = []byte("a digest")
	receive(t, db, submission)
	for _, step := range []struct {
		shift string
		kept  int
	}{{"47 hours", 1}, {"49 hours", 0}} {
		later := pgtest.After(t, url, step.shift)
		if err := later.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int
		err := db.Conns().QueryRow(t.Context(), `SELECT count(client_digest) FROM leads`).Scan(&left)
		if err != nil || left != step.kept {
			t.Errorf("after %s: %d are left, want %d (%v)", step.shift, left, step.kept, err)
		}
	}
}

func TestLeadThatCannotBeErasedStopsNothingElse(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	ctx := context.Background()
	db := pgtest.Open(t, url)
	for _, words := range []string{"held back", "withdrawn", "overdue"} {
		receive(t, db, sent(words, words))
	}
	leads := all(t, db)
	for _, l := range leads[1:] {
		if err := db.Withdraw(ctx, l.Token); err != nil {
			t.Fatal(err)
		}
	}
	const guard = `
		CREATE FUNCTION keep_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$;
		CREATE TRIGGER keep_first BEFORE DELETE ON lead_contents FOR EACH ROW WHEN (OLD.lead_id = 1) EXECUTE FUNCTION keep_first();
		INSERT INTO throttle_attempts (key, at) VALUES ('sample', '2000-01-01')`
	if err := pgtest.Exec(t, url, guard); err != nil {
		t.Fatal(err)
	}
	later := pgtest.After(t, url, "31 days")
	if err := later.Sweep(ctx); err == nil {
		t.Error("the sweep does not say that a lead could not be erased")
	}
	pgtest.Await(t, url, 0, `status = 'erased' FROM leads WHERE id = 2`)
	pgtest.Await(t, url, 0, `EXISTS (SELECT FROM deliveries WHERE lead_id = 3 AND kind = 'overdue')`)
	pgtest.Await(t, url, 0, `NOT EXISTS (SELECT FROM throttle_attempts)`)
	if err := pgtest.Exec(t, url, `DROP TRIGGER keep_first ON lead_contents`); err != nil {
		t.Fatal(err)
	}
	if err := later.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, 0, `status = 'erased' FROM leads WHERE id = 1`)
}
