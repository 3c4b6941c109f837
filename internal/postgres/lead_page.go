package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// LeadPage is what the page of a lead shows, all of it as it stood at one moment.
type LeadPage struct {
	lead.Details
	FollowUp       lead.FollowUp // zero for none
	Now            time.Time
	Members        []staff.Member
	Templates      []lead.ReplyTemplate
	Signature      string // of the member who looks
	Queue          lead.Queue
	Batch          lead.Batch // what the member did to the lead; the zero is nothing that they can undo
	Untouched      []lead.LastStep
	PlaceKeptUntil time.Time // when the place that the lead had goes to somebody else; zero for none
	Next           lead.Lead // the lead to answer next; zero if none waits or none was asked for
}

// LeadPageQuery says which lead a member looks at.
type LeadPageQuery struct {
	Reference string
	Member    int64
	Batch     int64 // that the member has just made or undone; 0 for the last one that they can undo
	Next      bool  // whether the page names the lead to answer next
}

// LeadPage records that the member is about to see the lead, as RecordView does, and reads its page.
func (db *DB) LeadPage(ctx context.Context, q LeadPageQuery) (LeadPage, error) {
	var p LeadPage
	sender, err := db.recordView(ctx, q.Member, q.Reference)
	if err != nil {
		return p, err
	}
	var spellings []string
	if sender != "" {
		spellings = email.Spellings(sender)
	}
	err = db.read(ctx, func(b *pgx.Batch) {
		this := byReference(q.Reference)
		readReceipt(b, this, &p.Receipt)
		readDrafts(b, this, &p.Drafts)
		readEarlier(b, q.Reference, spellings, &p.Earlier)
		readFollowUp(b, this, &p.FollowUp)
		readNow(b, &p.Now)
		readMembers(b, &p.Members)
		readTemplates(b, &p.Templates)
		readValue(b, &p.PlaceKeptUntil, "kept place", `
			SELECT coalesce(max(k.until), '0001-01-01Z') `+placesKept+` AND l.reference = @reference`,
			pgx.StrictNamedArgs{"reference": q.Reference})
		readSignature(b, q.Member, &p.Signature)
		readQueue(b, &p.Queue)
		if q.Batch == 0 {
			readOpenBatch(b, q.Reference, q.Member, &p.Batch)
		} else {
			readBatch(b, q.Batch, q.Member, &p.Batch)
			readUntouched(b, q.Batch, q.Member, nil, &p.Untouched)
		}
		if q.Next {
			readNext(b, q.Reference, &p.Next)
		}
	})
	return p, err
}

// readNext reads the lead that is to be answered next, apart from the one with the reference.
func readNext(b *pgx.Batch, reference string, next *lead.Lead) {
	readMaybe(b, next, "next lead", selectLeads(
		`(SELECT l.* FROM leads l WHERE `+needsAnswer+
			` AND l.reference <> @reference ORDER BY `+runningDue+`, l.id LIMIT 1)`,
		listedLead)+`true`, pgx.StrictNamedArgs{"reference": reference})
}
