package pgtest

import (
	"context"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// Leads returns all leads, newest first.
func Leads(t testing.TB, db *postgres.DB) []lead.Lead {
	t.Helper()
	var all []lead.Lead
	f := lead.Filter{Tab: lead.All, Sort: lead.Newest}
	must(t, db.EachLead(context.Background(), f, time.UTC, func(l lead.Lead) error {
		all = append(all, l)
		return nil
	}))
	return all
}

// Mails returns the mails about the lead, oldest first.
func Mails(t testing.TB, db *postgres.DB, reference string) []lead.Delivery {
	t.Helper()
	l, err := db.LeadByReference(context.Background(), reference)
	must(t, err)
	r, err := db.Receipt(context.Background(), l.Token)
	must(t, err)
	return r.Mails
}

// Act returns an act of a member who has seen everything that happened to the lead.
func Act(t testing.TB, db *postgres.DB, reference string, member int64) lead.Act {
	t.Helper()
	l, err := db.LeadByReference(context.Background(), reference)
	must(t, err)
	return lead.Act{Reference: reference, Member: member, Seen: l.Seen}
}

// Move moves the lead as a member who has seen everything that happened to it. A lead that is moved to lost was not answered.
func Move(t testing.TB, db *postgres.DB, reference string, member int64, to lead.Status) (batch int64) {
	t.Helper()
	change := lead.Change{Kind: lead.MoveBatch, To: to, Answered: lead.NotAnswered}
	batch, err := db.ChangeLead(context.Background(), Act(t, db, reference, member), change)
	must(t, err)
	return batch
}
