package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// LeadsPerPage is how many leads a page of the list shows.
const LeadsPerPage = 50

// firstWords is how much of a project the list reads, in characters.
const firstWords = `left(c.project, 240)`

// tabs are the conditions of the tabs. Each has an index of its own, whose predicate they repeat.
var tabs = map[lead.Tab]string{
	lead.NeedsAnswer: `l.status = 'new' AND l.answered_at IS NULL AND NOT l.suspect`,
	lead.Mine:        `l.assignee_id IS NOT NULL AND l.status IN ('new', 'contacted', 'qualified') AND NOT l.suspect`,
	lead.InTalks:     `l.status IN ('contacted', 'qualified') AND NOT l.suspect`,
	lead.ClosedTab:   `l.status IN ('won', 'lost', 'withdrawn', 'erased') AND NOT l.suspect`,
	lead.WaitlistTab: `l.place = 'waitlist'`,
	lead.Suspects:    `l.suspect AND l.status <> 'erased'`,
	lead.All:         `true`,
}

// LeadPage is a part of the list.
type LeadPage struct {
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
func (db *DB) ListLeads(ctx context.Context, f lead.Filter, at Cursor, zone *time.Location) (LeadPage, error) {
	q, err := db.leadQuery(ctx, f, at, zone)
	if err != nil {
		return LeadPage{}, err
	}
	var leads []lead.Lead
	if len(leadTerms(f)) > 0 {
		leads, err = db.findLeads(ctx, f, q)
	} else {
		leads, err = db.read(ctx, q, `leads l`, q.conditions())
	}
	if err != nil {
		return LeadPage{}, fmt.Errorf("leads: %w", kind(err))
	}
	more := len(leads) > LeadsPerPage
	leads = leads[:min(len(leads), LeadsPerPage)]
	if at.Back {
		slices.Reverse(leads)
		return LeadPage{leads, more, true}, nil
	}
	return LeadPage{leads, at.Reference != "", more}, nil
}

// leadQuery is a list in the making: conditions on leads l, their arguments, and the columns of the order.
type leadQuery struct {
	where []string
	args  []any
	order []string
	down  bool   // the order is descending
	after string // the argument that the last column of the order begins after, "" for none
}

// arg adds an argument and returns how the query calls it.
func (q *leadQuery) arg(value any) string {
	q.args = append(q.args, value)
	return fmt.Sprintf("$%d", len(q.args))
}

// and adds a condition, each ? of which is an argument.
func (q *leadQuery) and(condition string, args ...any) {
	for _, a := range args {
		condition = strings.Replace(condition, "?", q.arg(a), 1)
	}
	q.where = append(q.where, condition)
}

func (q *leadQuery) compare() string {
	if q.down {
		return "<"
	}
	return ">"
}

func (q *leadQuery) conditions() string { return strings.Join(q.where, " AND ") }

func (q *leadQuery) ordered() string {
	direction := ""
	if q.down {
		direction = " DESC"
	}
	return strings.Join(q.order, direction+", ") + direction
}

func (db *DB) leadQuery(ctx context.Context, f lead.Filter, at Cursor, zone *time.Location) (*leadQuery, error) {
	q := filtered(f, zone)
	switch {
	case len(leadTerms(f)) > 0: // by number, as the words stand: see findLeads
		q.order, q.down = []string{`l.id`}, f.Sort == lead.Newest
	case f.Sort == lead.Deadline && f.Tab == lead.Mine:
		q.order = []string{`(l.answered_at IS NOT NULL)`, `l.due_at`, `l.id`}
	case f.Sort == lead.Deadline:
		q.order = []string{`l.due_at`, `l.id`}
	default:
		q.order, q.down = []string{`l.received_at`, `l.id`}, f.Sort == lead.Newest
	}
	q.down = q.down != at.Back
	if at.Reference == "" {
		return q, nil
	}
	place := make([]any, len(q.order))
	targets := make([]any, len(q.order))
	for i := range place {
		targets[i] = &place[i]
	}
	err := db.pool.QueryRow(ctx, `SELECT `+strings.Join(q.order, ", ")+` FROM leads l WHERE reference = $1`, at.Reference).Scan(targets...)
	if err != nil {
		return nil, fmt.Errorf("cursor: %w", kind(err))
	}
	names := make([]string, len(place))
	for i, value := range place {
		names[i] = q.arg(value)
	}
	q.after = names[len(names)-1]
	q.where = append(q.where, `(`+strings.Join(q.order, ", ")+`) `+q.compare()+` (`+strings.Join(names, ", ")+`)`)
	return q, nil
}

// filtered are the conditions of the filter but for words of the leads' texts.
func filtered(f lead.Filter, zone *time.Location) *leadQuery {
	q := &leadQuery{where: []string{tabs[f.Tab]}}
	if f.Tab == lead.Mine {
		q.and(`l.assignee_id = ?`, f.Member)
	}
	if f.Status != "" {
		q.and(`l.status = ?`, f.Status)
	}
	switch f.Guide {
	case "":
	case lead.NoGuide:
		q.and(`l.guide_id IS NULL`)
	default:
		q.and(`l.guide_id = (SELECT id FROM guides WHERE slug = ?)`, f.Guide)
	}
	if f.Option != "" {
		q.and(`l.option = ?`, f.Option)
	}
	switch f.Assignee {
	case lead.Anyone:
	case lead.Nobody:
		q.and(`l.assignee_id IS NULL`)
	default:
		q.and(`l.assignee_id = ?`, f.Assignee)
	}
	if f.Month != "" {
		from, to := f.Span(zone)
		q.and(`l.received_at >= ?`, from)
		q.and(`l.received_at < ?`, to)
	}
	if reference, ok := lead.ReadReference(f.Words); ok {
		q.and(`l.reference = ?`, reference)
	} else if f.Words != "" && !f.Searchable() {
		q.and(`false`)
	}
	if f.Overdue {
		q.and(`l.status = 'new' AND l.answered_at IS NULL AND NOT l.suspect AND l.due_at <= clock()`)
	}
	return q
}

// read runs the query over leads l of the source, and then reads what stands around the few that are shown. Its plan is
// made for its own arguments: filters differ too much to share one.
func (db *DB) read(ctx context.Context, q *leadQuery, source, conditions string) ([]lead.Lead, error) {
	page := fmt.Sprintf(`(SELECT l.* FROM %s WHERE %s ORDER BY %s LIMIT %d)`, source, conditions, q.ordered(), LeadsPerPage+1)
	rows, _ := db.pool.Query(ctx, selectLeads(page, firstWords, noNumber)+`true ORDER BY `+q.ordered(),
		append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)...)
	return pgx.CollectRows(rows, scanLead)
}

// EachLead calls do with every lead of the filter, whole, one after the other as they come, in one snapshot; zone is the
// site's. Its memory does not grow with their number.
func (db *DB) EachLead(ctx context.Context, f lead.Filter, zone *time.Location, do func(lead.Lead) error) error {
	q, err := db.leadQuery(ctx, f, Cursor{}, zone)
	if err != nil {
		return err
	}
	if words := leadTerms(f); len(words) > 0 {
		q.and(`c.words @@ ?::text::tsquery`, beginning(words, " & "))
	}
	rows, _ := db.pool.Query(ctx, selectLeads(`leads`, wholeProject, noNumber)+q.conditions()+` ORDER BY `+q.ordered(), q.args...)
	defer rows.Close()
	for rows.Next() {
		l, err := scanLead(rows)
		if err != nil {
			return fmt.Errorf("leads: %w", kind(err))
		}
		if err := do(l); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("leads: %w", kind(err))
	}
	return nil
}
