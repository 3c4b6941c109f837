package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// LeadListPage is what the page of the list shows.
type LeadListPage struct {
	LeadList
	lead.Desk
	Members      []staff.Member
	Guides       []string // slugs that the list may be narrowed to
	Options      []string
	FirstArrival time.Time // as of DB.FirstArrival
	Views        []lead.SavedView
	Queue        lead.Queue
	Closure      lead.Closure // in force, or soon; zero for none
	Batch        lead.Batch   // the one asked for
	Untouched    []lead.LastStep
}

// LeadListQuery says which part of which list a member looks at, and what they have just done there.
type LeadListQuery struct {
	Filter  lead.Filter
	At      Cursor
	Member  int64
	Zone    *time.Location // the site's
	Batch   int64          // that they made or undid, 0 for none
	Skipped []string       // references of leads that it left as they were
}

// LeadListPage records that the member is about to see a list of leads, as RecordList does, and reads its page: the leads
// last, since where they begin and how they are found depends on what is read before. It returns fault.NotFound if the
// cursor's lead does not exist or another member made the batch.
func (db *DB) LeadListPage(ctx context.Context, q LeadListQuery) (p LeadListPage, err error) {
	list := newLeadQuery(q.Filter, q.At, q.Zone)
	err = db.send(ctx, recording, func(b *pgx.Batch) {
		q.record(b)
		list.prepare(b)
		readDesk(b, q.Member, q.Zone, &p.Desk)
		readMembers(b, &p.Members)
		readChoices(b, &p.Guides, &p.Options)
		readFirstArrival(b, q.Zone.String(), &p.FirstArrival)
		readViews(b, q.Member, &p.Views)
		readQueue(b, &p.Queue)
		readNextClosure(b, &p.Closure)
		if q.Batch != 0 {
			readBatch(b, q.Batch, q.Member, &p.Batch)
		}
		if q.Batch != 0 || len(q.Skipped) > 0 {
			readUntouched(b, q.Batch, q.Member, q.Skipped, &p.Untouched)
		}
	})
	if err == nil {
		p.LeadList, err = db.listLeads(ctx, list)
	}
	return p, err
}

// record queues the entry of the audit, unless there is no such list: that is fault.NotFound.
func (q LeadListQuery) record(b *pgx.Batch) {
	b.Queue(`
		INSERT INTO audit (member_id, kind, object) SELECT @member, @kind, @object
		WHERE (@batch = 0 OR EXISTS (SELECT FROM batches WHERE id = @batch AND member_id = @member))
		  AND (@cursor = '' OR EXISTS (SELECT FROM leads WHERE reference = @cursor))`, pgx.StrictNamedArgs{
		"member": q.Member, "kind": staff.LeadsListed, "object": staff.LeadsListed.Object(), "batch": q.Batch,
		"cursor": q.At.Reference,
	}).Fn = func(results pgx.BatchResults) error {
		tag, err := results.Exec()
		if err == nil && tag.RowsAffected() == 0 {
			err = pgx.ErrNoRows
		}
		return unrecorded(mapError(err))
	}
}
