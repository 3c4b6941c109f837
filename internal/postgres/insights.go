package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// arrivedIn keeps the leads that arrived in a range: its first day, its last and its zone are $1 to $3.
const arrivedIn = `l.received_at >= $1::date::timestamp AT TIME ZONE $3 AND l.received_at < ($2::date + 1)::timestamp AT TIME ZONE $3`

// FirstArrival is the day in the zone on which the first lead arrived, at midnight UTC; the zero time if none has.
func (db *DB) FirstArrival(ctx context.Context, zone string) (day time.Time, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readFirstArrival(b, zone, &day) })
	return day, err
}

func readFirstArrival(b *pgx.Batch, zone string, day *time.Time) {
	queueRows(b, "first arrival", pgx.RowTo[time.Time], first(day, nil),
		`SELECT (received_at AT TIME ZONE @zone)::date FROM leads ORDER BY received_at LIMIT 1`,
		pgx.StrictNamedArgs{"zone": zone})
}

// ReplyTimes is how the promise was kept in each week or month of the range, by its first day, and in the whole range. What
// counts is what the record counts.
func (db *DB) ReplyTimes(ctx context.Context, r lead.Range) (by map[time.Time]lead.Replies, whole lead.Replies, err error) {
	rows, _ := db.pool.Query(ctx, `
		SELECT date_trunc($4, l.received_at AT TIME ZONE $3)::date AS start, count(*),
		       count(*) FILTER (WHERE l.answered_at <= l.due_at), count(*) FILTER (WHERE l.answered_at > l.due_at),
		       count(*) FILTER (WHERE l.answered_at IS NULL),
		       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0'),
		       coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0')
		FROM leads l
		WHERE `+arrivedIn+` AND `+inRecord+`
		GROUP BY GROUPING SETS ((start), ())`, r.First, r.Last, r.Zone, r.Unit())
	by = map[time.Time]lead.Replies{}
	var start *time.Time
	var n lead.Replies
	_, err = pgx.ForEachRow(rows, []any{&start, &n.Due, &n.InTime, &n.Late, &n.Overdue, &n.Median, &n.P90}, func() error {
		if start == nil {
			whole = n
		} else {
			by[*start] = n
		}
		return nil
	})
	if err != nil {
		return nil, whole, fmt.Errorf("replies: %w", kind(err))
	}
	return by, whole, nil
}

// LeadsByGuide counts the leads of the range that are not suspect, the guide with most first; options as the guide has
// them, then those that it no longer has, then the undecided.
func (db *DB) LeadsByGuide(ctx context.Context, r lead.Range) ([]lead.GuideLeads, error) {
	rows, _ := db.pool.Query(ctx, `
		WITH counted AS (
			SELECT l.guide_id, l.option, max(l.guide_title) AS title, max(l.option_name) AS name, count(*) AS leads
			FROM leads l
			WHERE `+arrivedIn+` AND NOT l.suspect
			GROUP BY l.guide_id, l.option
		)
		SELECT coalesce(g.slug, ''), coalesce(nullif(g.title, ''), n.title), n.option, n.name, coalesce(c.position, 0), n.leads
		FROM counted n
		LEFT JOIN guides g ON g.id = n.guide_id
		LEFT JOIN options o ON o.slug = n.option
		LEFT JOIN guide_options c ON c.guide_id = n.guide_id AND c.option_id = o.id
		ORDER BY sum(n.leads) OVER (PARTITION BY n.guide_id) DESC, g.slug NULLS LAST,
		         n.option = $4, c.position NULLS LAST, n.option`, r.First, r.Last, r.Zone, lead.Undecided)
	var guides []lead.GuideLeads
	var g lead.GuideLeads
	var o lead.OptionLeads
	_, err := pgx.ForEachRow(rows, []any{&g.Guide, &g.Title, &o.Option, &o.Name, &o.Position, &o.Leads}, func() error {
		if len(guides) == 0 || guides[len(guides)-1].Guide != g.Guide {
			guides = append(guides, g)
		}
		last := &guides[len(guides)-1]
		last.Options = append(last.Options, o)
		last.Leads += o.Leads
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("leads by guide: %w", kind(err))
	}
	return guides, nil
}

// LeadsByTick counts the leads of the range that ticked a condition and are neither suspect nor erased, the most ticked
// first. A condition that was worded anew is another.
func (db *DB) LeadsByTick(ctx context.Context, r lead.Range) ([]lead.TickLeads, error) {
	rows, _ := db.pool.Query(ctx, `
		WITH counted AS (
			SELECT l.guide_id, t.option, t.text, max(l.guide_title) AS title, max(t.name) AS name, count(*) AS leads
			FROM leads l
			JOIN lead_contents c ON c.lead_id = l.id,
			     jsonb_to_recordset(c.ticks) AS t (option text, name text, text text)
			WHERE `+arrivedIn+` AND NOT l.suspect
			GROUP BY l.guide_id, t.option, t.text
			ORDER BY leads DESC, l.guide_id, t.option, t.text
			LIMIT $4
		)
		SELECT coalesce(g.slug, ''), coalesce(nullif(g.title, ''), n.title), n.option, n.name, coalesce(c.position, 0), n.text, n.leads
		FROM counted n
		LEFT JOIN guides g ON g.id = n.guide_id
		LEFT JOIN options o ON o.slug = n.option
		LEFT JOIN guide_options c ON c.guide_id = n.guide_id AND c.option_id = o.id
		ORDER BY n.leads DESC, n.guide_id, c.position NULLS LAST, n.option, n.text`, r.First, r.Last, r.Zone, lead.MostTicks)
	ticks, err := pgx.CollectRows(rows, pgx.RowToStructByPos[lead.TickLeads])
	if err != nil {
		return nil, fmt.Errorf("leads by tick: %w", kind(err))
	}
	return ticks, nil
}

// Suspects counts the suspects of the range by cause, the most frequent first.
func (db *DB) Suspects(ctx context.Context, r lead.Range) (lead.SuspectLeads, error) {
	rows, _ := db.pool.Query(ctx, `
		WITH suspects AS (SELECT l.causes FROM leads l WHERE `+arrivedIn+` AND l.suspect)
		SELECT coalesce(cause, ''), count(*) AS leads, (SELECT count(*) FROM suspects)
		FROM suspects LEFT JOIN LATERAL unnest(causes) AS cause ON true
		GROUP BY cause
		ORDER BY leads DESC, cause`, r.First, r.Last, r.Zone)
	var s lead.SuspectLeads
	var c lead.CauseLeads
	_, err := pgx.ForEachRow(rows, []any{&c.Cause, &c.Leads, &s.Leads}, func() error {
		if c.Cause == "" {
			s.ByMember = c.Leads
		} else {
			s.Causes = append(s.Causes, c)
		}
		return nil
	})
	if err != nil {
		return s, fmt.Errorf("suspects: %w", kind(err))
	}
	return s, nil
}
