package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// arrivedIn is the condition of the leads l that arrived in a range; rangeArgs has its arguments.
const arrivedIn = `l.received_at >= @first::date::timestamp AT TIME ZONE @zone
	AND l.received_at < (@last::date + 1)::timestamp AT TIME ZONE @zone`

func rangeArgs(r lead.Range) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"first": r.First, "last": r.Last, "zone": r.Zone}
}

// FirstArrival returns the day in the zone on which the first lead arrived, at midnight UTC; the zero time if none has.
func (db *DB) FirstArrival(ctx context.Context, zone string) (day time.Time, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readFirstArrival(b, zone, &day) })
	return day, err
}

func readFirstArrival(b *pgx.Batch, zone string, day *time.Time) {
	queueRows(b, "first arrival", pgx.RowTo[time.Time], first(day, nil),
		`SELECT (received_at AT TIME ZONE @zone)::date FROM leads ORDER BY received_at LIMIT 1`,
		pgx.StrictNamedArgs{"zone": zone})
}

// ReplyTimes returns how the promise was kept in each week or month of the range, by its first day, and in the whole range. It
// counts what the record counts.
func (db *DB) ReplyTimes(ctx context.Context, r lead.Range) (by map[time.Time]lead.Replies, whole lead.Replies, err error) {
	defer wrap(&err, "replies")
	args := rangeArgs(r)
	args["unit"] = r.Unit()
	rows, _ := db.pool.Query(ctx, `
		SELECT date_trunc(@unit, l.received_at AT TIME ZONE @zone)::date AS start, count(*) AS due,
		       count(*) FILTER (WHERE l.answered_at <= l.due_at) AS in_time,
		       count(*) FILTER (WHERE l.answered_at > l.due_at) AS late,
		       count(*) FILTER (WHERE l.answered_at IS NULL) AS overdue,
		       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0') AS median,
		       coalesce(percentile_cont(0.9) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0') AS p90
		FROM leads l
		WHERE `+arrivedIn+` AND `+inRecord+`
		GROUP BY GROUPING SETS ((start), ())`, args)
	type period struct {
		Start *time.Time // nil for the whole range
		lead.Replies
	}
	periods, err := pgx.CollectRows(rows, pgx.RowToStructByName[period])
	by = map[time.Time]lead.Replies{}
	for _, p := range periods {
		if p.Start == nil {
			whole = p.Replies
		} else {
			by[*p.Start] = p.Replies
		}
	}
	return by, whole, err
}

// LeadsByGuide counts the leads of the range that are not suspect, and how often each guide was opened. The guide with most leads
// comes first; options as the guide has them, then those that it no longer has, then the undecided.
func (db *DB) LeadsByGuide(ctx context.Context, r lead.Range) (guides []lead.GuideLeads, err error) {
	defer wrap(&err, "leads by guide")
	args := rangeArgs(r)
	args["undecided"] = lead.Undecided
	rows, _ := db.pool.Query(ctx, `
		WITH counted AS (
			SELECT l.guide_id, l.option, max(l.guide_title) AS title, max(l.option_name) AS name, count(*) AS leads,
			       count(*) FILTER (WHERE l.status = 'won') AS won
			FROM leads l
			WHERE `+arrivedIn+` AND NOT l.suspect
			GROUP BY l.guide_id, l.option
		)
		SELECT coalesce(g.slug, '') AS guide, coalesce(nullif(g.title, ''), n.title) AS title, n.option, n.name,
		       coalesce(c.position, 0) AS position, n.leads, n.won
		FROM counted n
		LEFT JOIN guides g ON g.id = n.guide_id
		LEFT JOIN options o ON o.slug = n.option
		LEFT JOIN guide_options c ON c.guide_id = n.guide_id AND c.option_id = o.id
		ORDER BY sum(n.leads) OVER (PARTITION BY n.guide_id) DESC, g.slug NULLS LAST,
		         n.option = @undecided, c.position NULLS LAST, n.option`, args)
	type counted struct {
		Guide, Title string
		lead.OptionLeads
	}
	options, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
	for _, o := range options {
		if len(guides) == 0 || guides[len(guides)-1].Guide != o.Guide {
			guides = append(guides, lead.GuideLeads{Guide: o.Guide, Title: o.Title})
		}
		last := &guides[len(guides)-1]
		last.Options = append(last.Options, o.OptionLeads)
		last.Leads += o.Leads
		last.Won += o.Won
	}
	if err != nil {
		return nil, err
	}
	views, err := db.GuideViews(ctx, r)
	return lead.WithViews(guides, views), err
}

// LeadsByTick counts the leads of the range that ticked a condition and are neither suspect nor erased, the most ticked
// first. A condition that was worded anew is another.
func (db *DB) LeadsByTick(ctx context.Context, r lead.Range) (ticks []lead.TickLeads, err error) {
	defer wrap(&err, "leads by tick")
	args := rangeArgs(r)
	args["most"] = lead.MaxTicks
	rows, _ := db.pool.Query(ctx, `
		WITH counted AS (
			SELECT l.guide_id, t.option, t.text, max(l.guide_title) AS title, max(t.name) AS name, count(*) AS leads
			FROM leads l
			JOIN lead_contents c ON c.lead_id = l.id,
			     jsonb_to_recordset(c.ticks) AS t (option text, name text, text text)
			WHERE `+arrivedIn+` AND NOT l.suspect
			GROUP BY l.guide_id, t.option, t.text
			ORDER BY leads DESC, l.guide_id, t.option, t.text
			LIMIT @most
		)
		SELECT coalesce(g.slug, '') AS guide, coalesce(nullif(g.title, ''), n.title) AS title, n.option, n.name,
		       coalesce(c.position, 0) AS position, n.text, n.leads
		FROM counted n
		LEFT JOIN guides g ON g.id = n.guide_id
		LEFT JOIN options o ON o.slug = n.option
		LEFT JOIN guide_options c ON c.guide_id = n.guide_id AND c.option_id = o.id
		ORDER BY n.leads DESC, n.guide_id, c.position NULLS LAST, n.option, n.text`, args)
	return pgx.CollectRows(rows, pgx.RowToStructByName[lead.TickLeads])
}

// SuspectsByCause counts the suspects of the range by cause, the most frequent first.
func (db *DB) SuspectsByCause(ctx context.Context, r lead.Range) (s lead.SuspectLeads, err error) {
	defer wrap(&err, "suspects")
	rows, _ := db.pool.Query(ctx, `
		WITH suspects AS (SELECT l.causes FROM leads l WHERE `+arrivedIn+` AND l.suspect)
		SELECT coalesce(cause, ''), count(*) AS leads, (SELECT count(*) FROM suspects)
		FROM suspects LEFT JOIN LATERAL unnest(causes) AS cause ON true
		GROUP BY cause
		ORDER BY leads DESC, cause`, rangeArgs(r))
	var c lead.CauseLeads
	_, err = pgx.ForEachRow(rows, []any{&c.Cause, &c.Leads, &s.Leads}, func() error {
		if c.Cause == "" {
			s.ByMember = c.Leads
		} else {
			s.Causes = append(s.Causes, c)
		}
		return nil
	})
	return s, err
}
