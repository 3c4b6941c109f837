package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// Desk is how the work stands. Its counts end at lead.MostCounted.
type Desk struct {
	Now      time.Time
	Tabs     map[lead.Tab]int
	Overdue  int
	DueToday int // overdue ones left out
	Suspects int // that arrived within lead.SuspectsNew
}

// Desk counts what stands in the tabs of the member; zone is the site's, in which the day ends.
func (db *DB) Desk(ctx context.Context, member int64, zone *time.Location) (Desk, error) {
	d := Desk{Tabs: map[lead.Tab]int{}}
	counted := func(condition string) string {
		return `(SELECT count(*) FROM (SELECT FROM leads l WHERE ` + condition + fmt.Sprintf(` LIMIT %d) counted)`, lead.MostCounted)
	}
	columns, counts := []string{`clock()`}, make([]int, len(lead.Tabs))
	targets := []any{&d.Now}
	for i, tab := range lead.Tabs {
		condition := tabs[tab]
		if tab == lead.Mine {
			condition += ` AND l.assignee_id = $1`
		}
		columns, targets = append(columns, counted(condition)), append(targets, &counts[i])
	}
	needs := tabs[lead.NeedsAnswer]
	columns = append(columns, counted(needs+` AND l.due_at <= clock()`),
		counted(tabs[lead.Suspects]+` AND l.causes <> '{}' AND l.received_at > clock() - $3::interval`),
		counted(needs+` AND l.due_at > clock() AND l.due_at < (date_trunc('day', clock() AT TIME ZONE $2) + interval '1 day') AT TIME ZONE $2`))
	targets = append(targets, &d.Overdue, &d.Suspects, &d.DueToday)
	if err := db.pool.QueryRow(ctx, `SELECT `+strings.Join(columns, ", "), member, zone.String(), lead.SuspectsNew).Scan(targets...); err != nil {
		return d, fmt.Errorf("desk: %w", kind(err))
	}
	for i, tab := range lead.Tabs {
		d.Tabs[tab] = counts[i]
	}
	return d, nil
}

// mostChoices bounds how many guides and options a filter suggests.
const mostChoices = 200

// GuideChoices are the slugs that a list of leads may be narrowed to, at most 200 of each.
func (db *DB) GuideChoices(ctx context.Context) (guides, options []string, err error) {
	for sql, slugs := range map[string]*[]string{
		`SELECT slug FROM guides WHERE edition IS NOT NULL ORDER BY slug LIMIT $1`: &guides,
		`SELECT slug FROM options ORDER BY slug LIMIT $1`:                          &options,
	} {
		rows, _ := db.pool.Query(ctx, sql, mostChoices)
		if *slugs, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, nil, fmt.Errorf("choices: %w", kind(err))
		}
	}
	return guides, options, nil
}
