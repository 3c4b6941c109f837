package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// CountViews adds to how often guides were opened today, by their slugs.
func (db *DB) CountViews(ctx context.Context, views map[string]int) (err error) {
	defer wrap(&err, "views of guides")
	_, err = db.pool.Exec(ctx, `
		INSERT INTO guide_views AS v (guide_id, day, views)
		SELECT g.id, (`+siteToday+`), n.value::integer
		FROM jsonb_each_text($1) n JOIN guides g ON g.slug = n.key
		ORDER BY g.id
		ON CONFLICT (guide_id, day) DO UPDATE SET views = v.views + excluded.views`, views)
	return err
}

// GuideViews returns how often each guide was opened on the days of the range, the most opened first. Guides that nobody opened
// are left out.
func (db *DB) GuideViews(ctx context.Context, r lead.Range) (views []lead.GuideViews, err error) {
	defer wrap(&err, "views of guides")
	rows, _ := db.pool.Query(ctx, `
		SELECT g.slug AS guide, g.title, sum(v.views)::integer AS views
		FROM guide_views v JOIN guides g ON g.id = v.guide_id
		WHERE v.day BETWEEN @first AND @last
		GROUP BY g.id ORDER BY views DESC, g.slug`, pgx.StrictNamedArgs{"first": r.First, "last": r.Last})
	return pgx.CollectRows(rows, pgx.RowToStructByName[lead.GuideViews])
}
