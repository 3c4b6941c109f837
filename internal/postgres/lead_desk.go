package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// Desk counts what stands in the tabs of the member; zone is the site's, in which the day ends.
func (db *DB) Desk(ctx context.Context, member int64, zone *time.Location) (d lead.Desk, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readDesk(b, member, zone, &d) })
	return d, err
}

func readDesk(b *pgx.Batch, member int64, zone *time.Location, d *lead.Desk) {
	counted := func(condition string) string {
		return fmt.Sprintf(`(SELECT count(*) FROM (SELECT FROM leads l WHERE %s LIMIT %d) counted)`, condition, lead.MaxCounted)
	}
	var inTabs []string
	for _, tab := range lead.Tabs {
		condition := tabs[tab]
		switch tab {
		case lead.Mine:
			condition += ` AND l.assignee_id = @member`
		case lead.FollowUpTab:
			condition += ` AND l.follow_up_on <= (clock() AT TIME ZONE @zone)::date`
		}
		inTabs = append(inTabs, fmt.Sprintf(`'%s', %s`, tab, counted(condition)))
	}
	readRow(b, d, "desk", `
		SELECT clock() AS now, jsonb_build_object(`+strings.Join(inTabs, ", ")+`) AS tabs,
		       `+counted(needsAnswer+` AND `+runningDue+` <= clock()`)+` AS overdue,
		       `+counted(needsAnswer+` AND `+runningDue+` > clock()
			AND `+runningDue+` <= (date_trunc('day', clock() AT TIME ZONE @zone) + interval '1 day') AT TIME ZONE @zone`)+` AS due_today,
		       `+counted(tabs[lead.SuspectsTab]+` AND l.causes <> '{}'
			AND l.received_at > clock() - @new::interval`)+` AS suspects,
		       k.kept_places, coalesce(k.kept_until, '0001-01-01Z') AS kept_until
		FROM (SELECT count(*) AS kept_places, min(until) AS kept_until `+placesKept+`) k`,
		pgx.StrictNamedArgs{"member": member, "zone": zone.String(), "new": lead.SuspectsNew})
}

// maxChoices bounds how many guides and options a filter suggests.
const maxChoices = 200

// readChoices reads the slugs that a list of leads may be narrowed to, at most 200 of each.
func readChoices(b *pgx.Batch, guides, options *[]string) {
	most := pgx.StrictNamedArgs{"most": maxChoices}
	readList(b, guides, "guides", `SELECT slug FROM guides WHERE edition IS NOT NULL ORDER BY slug LIMIT @most`, most)
	readList(b, options, "options", `SELECT slug FROM options ORDER BY slug LIMIT @most`, most)
}
