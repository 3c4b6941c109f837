package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

func TestChangeOfManyLeadsMakesFewRoundTrips(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db, trips := pgtest.OpenCounted(t, url)
	member := addMember(t, db, staff.Editor)
	for i := range 51 {
		receive(t, db, sent(fmt.Sprint(i), fmt.Sprintf("The project number %d", i)))
	}
	acts := make([]lead.Act, 51)
	change := func(first, n int, c lead.Change) int {
		for i := range acts {
			acts[i] = pgtest.Act(t, db, fmt.Sprintf("TB-%04d", i+1), member)
		}
		trips.Take()
		_, left, err := db.ChangeLeads(context.Background(), acts[first:first+n], c)
		if err != nil || len(left) > 0 {
			t.Fatalf("left %v (%v)", left, err)
		}
		return len(trips.Take())
	}
	for _, c := range []lead.Change{
		{Kind: lead.AssignBatch, Assignee: member},
		{Kind: lead.MoveBatch, To: lead.Lost, Answered: lead.NotAnswered},
		{Kind: lead.MoveBatch, To: lead.Contacted},
		{Kind: lead.SuspectBatch},
	} {
		change(0, 1, c)
		if n := change(1, 50, c); n > 13 {
			t.Errorf("%s %s: %d round trips for 50 leads", c.Kind, c.To, n)
		}
	}
	history, err := db.LeadHistory(context.Background(), "TB-0051")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, e := range history {
		kinds = append(kinds, string(e.Kind))
	}
	if got := strings.Join(kinds, " "); got != "received assigned moved moved suspected" {
		t.Errorf("the history of the last lead is %q", got)
	}
}
