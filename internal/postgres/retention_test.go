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
