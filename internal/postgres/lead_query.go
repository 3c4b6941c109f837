package postgres

import (
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// leadQuery is a list in the making: conditions on leads l, their arguments, and the columns of the order.
type leadQuery struct {
	filter lead.Filter
	at     Cursor
	where  []string
	args   pgx.StrictNamedArgs
	order  []string
	down   bool     // the order is descending
	after  string   // the argument that the last column of the order begins after, "" for none
	words  []string // to be found in the leads' texts
	rare   []string // those of the words that few leads hold
}

// newLeadQuery returns the query of a list. One from a cursor on, or for words, must be prepared before it runs.
func newLeadQuery(f lead.Filter, at Cursor, zone *time.Location) *leadQuery {
	q := &leadQuery{filter: f, at: at, where: []string{tabs[f.Tab]}, args: pgx.StrictNamedArgs{}, words: leadTerms(f)}
	q.narrow(f, zone)
	switch {
	case len(q.words) > 0: // by number, as the words stand: see findLeads
		q.order, q.down = []string{`l.id`}, f.Sort == lead.Newest
	case f.Sort == lead.Deadline && f.Tab == lead.Mine:
		q.order = []string{`(l.answered_at IS NOT NULL AND l.awaiting_since IS NULL)`, runningDue, `l.id`}
	case f.Sort == lead.Soonest:
		q.order = []string{`l.follow_up_on`, `l.id`}
	case f.Sort == lead.Deadline:
		q.order = []string{runningDue, `l.id`}
	default:
		q.order, q.down = []string{`l.received_at`, `l.id`}, f.Sort == lead.Newest
	}
	q.down = q.down != at.Back
	return q
}

// prepare queues the reading of what the query depends on: where the lead of its cursor stands, and how frequent its words are.
func (q *leadQuery) prepare(b *pgx.Batch) {
	if q.at.Reference != "" {
		q.readCursor(b)
	}
	if len(q.words) > 0 {
		readRareWords(b, q.words, &q.rare)
	}
}

// readCursor queues the reading of the cursor's lead; without it the list is fault.NotFound. The list then begins after it.
func (q *leadQuery) readCursor(b *pgx.Batch) {
	b.Queue(`SELECT `+strings.Join(q.order, ", ")+` FROM leads l WHERE reference = @reference`,
		pgx.StrictNamedArgs{"reference": q.at.Reference}).QueryRow(func(row pgx.Row) error {
		position, targets := make([]any, len(q.order)), make([]any, len(q.order))
		for i := range position {
			targets[i] = &position[i]
		}
		if err := row.Scan(targets...); err != nil {
			return fmt.Errorf("cursor: %w", err)
		}
		names := make([]string, len(position))
		for i, value := range position {
			names[i] = q.arg(value)
		}
		q.after = names[len(names)-1]
		q.where = append(q.where, `(`+strings.Join(q.order, ", ")+`) `+q.compare()+` (`+strings.Join(names, ", ")+`)`)
		return nil
	})
}

// arg adds an argument and returns how the query calls it.
func (q *leadQuery) arg(value any) string {
	name := fmt.Sprintf("a%d", len(q.args)+1)
	q.args[name] = value
	return "@" + name
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

// narrow adds the conditions of the filter but for words of the leads' texts.
func (q *leadQuery) narrow(f lead.Filter, zone *time.Location) {
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
		q.and(`l.received_at >= ? AND l.received_at < ?`, from, to)
	}
	if reference, ok := lead.ReadReference(f.Words); ok {
		q.and(`l.reference = ?`, reference)
	} else if f.Words != "" && !f.Searchable() {
		q.and(`false`)
	}
	if f.Overdue {
		q.and(needsAnswer + ` AND ` + runningDue + ` <= clock()`)
	}
}
