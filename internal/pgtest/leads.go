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
