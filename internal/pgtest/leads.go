package pgtest

import (
	"context"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// Leads are all leads, newest first.
func Leads(t testing.TB, db *postgres.DB) []lead.Lead {
	t.Helper()
	var all []lead.Lead
	f := lead.Filter{Tab: lead.All, Sort: lead.Newest}
	err := db.EachLead(context.Background(), f, time.UTC, func(l lead.Lead) error {
		all = append(all, l)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Act is what the member does who has seen all that happened to the lead.
func Act(t testing.TB, db *postgres.DB, reference string, member int64) lead.Act {
	t.Helper()
	l, err := db.LeadByReference(context.Background(), reference)
	if err != nil {
		t.Fatal(err)
	}
	return lead.Act{Reference: reference, Member: member, Seen: l.Seen}
}

// Move has the member move the lead, having seen all that happened to it. Nobody answered a lead that is moved to lost.
func Move(t testing.TB, db *postgres.DB, reference string, member int64, to lead.Status) (batch int64) {
	t.Helper()
	change := lead.Change{Kind: lead.MoveBatch, To: to, Answered: lead.NotAnswered}
	batch, err := db.ChangeLead(context.Background(), Act(t, db, reference, member), change)
	if err != nil {
		t.Fatal(err)
	}
	return batch
}
