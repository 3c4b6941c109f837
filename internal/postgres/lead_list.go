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

// walked is how many leads of the list are looked at one after the other for words that are searched for, before the index
// of words is asked: a frequent word is found sooner by walking, a rare one by the index.
const walked = 3000

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
	leads, err := db.find(ctx, q, termsOf(f.Words))
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
	down  bool // the order is descending
}

// and adds a condition, each ? of which is an argument.
func (q *leadQuery) and(condition string, args ...any) {
	for _, a := range args {
		q.args = append(q.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(q.args)), 1)
	}
	q.where = append(q.where, condition)
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
	compare := " > "
	if q.down {
		compare = " < "
	}
	q.and(`(`+strings.Join(q.order, ", ")+`)`+compare+`(`+strings.TrimSuffix(strings.Repeat("?, ", len(place)), ", ")+`)`, place...)
	return q, nil
}

// filtered are the conditions of the filter but for its words.
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
	if f.Overdue {
		q.and(`l.status = 'new' AND l.answered_at IS NULL AND NOT l.suspect AND l.due_at <= clock()`)
	}
	return q
}

// find reads one lead more than a page holds, with all of the words in it if there are any.
func (db *DB) find(ctx context.Context, q *leadQuery, words []string) ([]lead.Lead, error) {
	if len(words) == 0 {
		return db.read(ctx, `leads`, q)
	}
	condition := fmt.Sprintf(`c.words @@ to_tsquery('simple', $%d)`, len(q.args)+1)
	q.args = append(q.args, prefixed(words, " & "))
	walk := fmt.Sprintf(`(SELECT l.* FROM leads l WHERE %s ORDER BY %s LIMIT %d)`, q.conditions(), q.ordered(), walked)
	leads, err := db.read(ctx, walk, &leadQuery{where: []string{condition}, args: q.args, order: q.order, down: q.down})
	if err != nil || len(leads) > LeadsPerPage {
		return leads, err
	}
	q.where = append(q.where, condition)
	return db.read(ctx, `leads`, q)
}

// read runs the query over the leads. Its plan is made for its own arguments: filters differ too much to share one.
func (db *DB) read(ctx context.Context, leads string, q *leadQuery) ([]lead.Lead, error) {
	sql := selectLeads(leads, firstWords, noNumber) + q.conditions() + ` ORDER BY ` + q.ordered() + fmt.Sprintf(` LIMIT %d`, LeadsPerPage+1)
	rows, _ := db.pool.Query(ctx, sql, append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)...)
	return pgx.CollectRows(rows, scanLead)
}

// EachLead calls do with every lead of the filter, whole, one after the other as they come, in one snapshot; zone is the
// site's. Its memory does not grow with their number.
func (db *DB) EachLead(ctx context.Context, f lead.Filter, zone *time.Location, do func(lead.Lead) error) error {
	q, err := db.leadQuery(ctx, f, Cursor{}, zone)
	if err != nil {
		return err
	}
	if words := termsOf(f.Words); len(words) > 0 {
		q.and(`c.words @@ to_tsquery('simple', ?)`, prefixed(words, " & "))
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
