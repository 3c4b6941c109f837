package postgres

import (
	"context"
	"slices"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// FindPerson records that the member is about to see a list of leads, and returns those that hold the words: at most most of
// them, those with the words in the name or the email address first, and then the newest.
func (db *DB) FindPerson(ctx context.Context, words string, member int64, most int) ([]lead.Earlier, error) {
	filter := lead.Filter{Tab: lead.All, Words: words, Sort: lead.Newest}
	if !filter.Searchable() {
		return nil, nil
	}
	if err := db.RecordList(ctx, member, staff.LeadsListed); err != nil {
		return nil, err
	}
	list, err := db.ListLeads(ctx, filter, Cursor{}, time.UTC)
	if err != nil {
		return nil, err
	}
	rank := func(l lead.Lead) int {
		if filter.IsOf(l.Contents) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list.Leads, func(a, b lead.Lead) int { return rank(a) - rank(b) })
	var found []lead.Earlier
	for _, l := range list.Leads[:min(len(list.Leads), most)] {
		found = append(found, lead.Earlier{
			Reference: l.Reference, ReceivedAt: l.ReceivedAt, Status: l.Status, Suspect: l.Suspect, GuideTitle: l.GuideTitle,
			Name: l.Name,
		})
	}
	return found, nil
}
