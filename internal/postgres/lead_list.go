package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// LeadsPerPage is how many leads a page of the list shows.
const LeadsPerPage = 50

// firstWords is how much of a project the list reads, in characters.
const firstWords = `left(c.project, 240)`

// needsAnswer selects the leads l that wait for us: the first reply is due, or the prospect wrote since.
const needsAnswer = `(l.status = 'new' AND l.answered_at IS NULL
	OR l.awaiting_since IS NOT NULL AND l.status NOT IN ('withdrawn', 'erased')) AND NOT l.suspect`

// runningDue is the deadline of leads l whose clock runs. Of others it is that of the first reply.
const runningDue = `coalesce(l.answer_due_at, l.due_at)`

// tabs are the conditions of the tabs. Each has an index of its own, whose predicate they repeat.
var tabs = map[lead.Tab]string{
	lead.NeedsAnswer: needsAnswer,
	lead.Mine:        `l.assignee_id IS NOT NULL AND l.status IN ` + openStatuses + ` AND NOT l.suspect`,
	lead.FollowUpTab: `l.follow_up_on IS NOT NULL AND NOT l.suspect`,
	lead.InTalks:     `l.status IN ('contacted', 'qualified') AND NOT l.suspect`,
	lead.ClosedTab:   `l.status IN ('won', 'lost', 'withdrawn', 'erased') AND NOT l.suspect`,
	lead.WaitlistTab: `l.place = 'waitlist'`,
	lead.SuspectsTab: `l.suspect AND l.status <> 'erased'`,
	lead.All:         `true`,
}

// LeadList is a part of the list.
type LeadList struct {
	Leads  []lead.Lead // without numbers on the waitlist, and with the first words of the project only
	Before bool        // there are leads before these
	After  bool        // and after
}

// Cursor says which part of a list is meant: what follows or what precedes the lead with the reference. The zero is its
// beginning.
type Cursor struct {
	Reference string
	Back      bool
}

// ListLeads reads a page of the list that the filter describes; zone is the site's, in which months begin.
func (db *DB) ListLeads(ctx context.Context, f lead.Filter, at Cursor, zone *time.Location) (LeadList, error) {
	q := newLeadQuery(f, at, zone)
	if at.Reference != "" || len(q.words) > 0 {
		if err := db.read(ctx, q.prepare); err != nil {
			return LeadList{}, err
		}
	}
	return db.listLeads(ctx, q)
}

// listLeads reads the page of a query that is prepared.
func (db *DB) listLeads(ctx context.Context, q *leadQuery) (list LeadList, err error) {
	defer wrap(&err, "leads")
	var leads []lead.Lead
	if len(q.words) > 0 {
		leads, err = db.findLeads(ctx, q)
	} else {
		leads, err = db.readPage(ctx, q, `leads l`, q.conditions())
	}
	if err != nil {
		return list, err
	}
	more := len(leads) > LeadsPerPage
	leads = leads[:min(len(leads), LeadsPerPage)]
	if q.at.Back {
		slices.Reverse(leads)
		return LeadList{leads, more, true}, nil
	}
	return LeadList{leads, q.at.Reference != "", more}, nil
}

// readPage runs the query over leads l of the source, and then reads what stands around the few that are shown. Its plan is
// made for its own arguments: filters differ too much to share one.
func (db *DB) readPage(ctx context.Context, q *leadQuery, source, conditions string) ([]lead.Lead, error) {
	page := fmt.Sprintf(`(SELECT l.* FROM %s WHERE %s ORDER BY %s LIMIT %d)`, source, conditions, q.ordered(), LeadsPerPage+1)
	rows, _ := db.pool.Query(ctx, selectLeads(page, listedLead)+`true ORDER BY `+q.ordered(),
		pgx.QueryExecModeCacheDescribe, q.args)
	return pgx.CollectRows(rows, pgx.RowToStructByName[lead.Lead])
}
