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
func (db *DB) Desk(ctx context.Context, member int64, zone *time.Location) (d Desk, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readDesk(b, member, zone, &d) })
	return d, err
}

func readDesk(b *pgx.Batch, member int64, zone *time.Location, d *Desk) {
	counted := func(condition string) string {
		return `(SELECT count(*) FROM (SELECT FROM leads l WHERE ` +
			condition + fmt.Sprintf(` LIMIT %d) counted)`, lead.MostCounted)
	}
	columns, counts := []string{`clock()`}, make([]int, len(lead.Tabs))
	targets := []any{&d.Now}
	for i, tab := range lead.Tabs {
		condition := tabs[tab]
		if tab == lead.Mine {
			condition += ` AND l.assignee_id = @member`
		}
		columns, targets = append(columns, counted(condition)), append(targets, &counts[i])
	}
	needs := tabs[lead.NeedsAnswer]
	columns = append(columns, counted(needs+` AND l.due_at <= clock()`),
		counted(tabs[lead.Suspects]+` AND l.causes <> '{}' AND l.received_at > clock() - @new::interval`),
		counted(needs+` AND l.due_at > clock()
			AND l.due_at < (date_trunc('day', clock() AT TIME ZONE @zone) + interval '1 day') AT TIME ZONE @zone`))
	targets = append(targets, &d.Overdue, &d.Suspects, &d.DueToday)
	b.Queue(`SELECT `+strings.Join(columns, ", "),
		pgx.StrictNamedArgs{"member": member, "zone": zone.String(), "new": lead.SuspectsNew}).QueryRow(func(row pgx.Row) error {
		if err := row.Scan(targets...); err != nil {
			return fmt.Errorf("desk: %w", err)
		}
		d.Tabs = map[lead.Tab]int{}
		for i, tab := range lead.Tabs {
			d.Tabs[tab] = counts[i]
		}
		return nil
	})
}

// maxChoices bounds how many guides and options a filter suggests.
const maxChoices = 200

// readChoices reads the slugs that a list of leads may be narrowed to, at most 200 of each.
func readChoices(b *pgx.Batch, guides, options *[]string) {
	most := pgx.StrictNamedArgs{"most": maxChoices}
	readList(b, guides, "guides", `SELECT slug FROM guides WHERE edition IS NOT NULL ORDER BY slug LIMIT @most`, most)
	readList(b, options, "options", `SELECT slug FROM options ORDER BY slug LIMIT @most`, most)
}
