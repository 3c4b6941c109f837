package postgres_test

import (
	"fmt"
	"slices"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestChangeOfManyLeadsAndItsUndoMakeFewRoundTrips(t *testing.T) {
	t.Parallel()
	db, trips := pgtest.OpenCounted(t, pgtest.NewURL(t))
	member := addMember(t, db, staff.Editor)
	var last string
	for i := range 51 {
		last = receive(t, db, sent(fmt.Sprint(i), fmt.Sprintf("The project number %d", i)))
	}
	change := func(first, n int, c lead.Change) (batch int64, made int) {
		var acts []lead.Act
		for i := range n {
			acts = append(acts, pgtest.Act(t, db, fmt.Sprintf("TB-%04d", first+i), member))
		}
		trips.Take()
		batch, left, err := db.ChangeLeads(t.Context(), acts, c)
		if err != nil || len(left) > 0 {
			t.Fatalf("%s %s: left %v (%v)", c.Kind, c.To, left, err)
		}
		return batch, len(trips.Take())
	}
	undo := func(batch int64) (made int) {
		trips.Take()
		if err := db.UndoBatch(t.Context(), batch, member); err != nil {
			t.Fatal(err)
		}
		return len(trips.Take())
	}
	for _, c := range []lead.Change{
		{Kind: lead.AssignBatch, Assignee: member},
		{Kind: lead.MoveBatch, To: lead.Lost, Answered: lead.NotAnswered},
		{Kind: lead.MoveBatch, To: lead.Contacted},
		{Kind: lead.SuspectBatch},
	} {
		one, _ := change(1, 1, c)
		undo(one)
		many, changing := change(2, 50, c)
		if undoing := undo(many); changing > 13 || undoing > 20 {
			t.Errorf("%s %s of 50 leads: %d round trips, and %d to undo it", c.Kind, c.To, changing, undoing)
		}
		change(1, 51, c)
	}
	want := []lead.EventKind{
		lead.Received, lead.Assigned, lead.Assigned, lead.Assigned, lead.Moved, lead.Undone, lead.Moved,
		lead.Moved, lead.Undone, lead.Moved, lead.Suspected, lead.Cleared, lead.Suspected,
	}
	var kinds []lead.EventKind
	for _, e := range historyOf(t, db, last) {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("the history of the last lead is %q, want %q", kinds, want)
	}
}
