package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// keptLongEnough are the leads whose retention is over, by the time of what happened to them last. Its argument says how
// long leads are kept, as columnsOf a promise does.
const keptLongEnough = `
	FROM leads l, LATERAL (SELECT max(at) AS closed FROM lead_history h WHERE h.lead_id = l.id) h,
	     LATERAL (SELECT CASE WHEN l.suspect THEN $4::int WHEN l.status = 'won' THEN $1::int WHEN l.status = 'lost' THEN $2::int
	                          WHEN l.status = 'withdrawn' THEN $3::int ELSE 0 END AS days) k
	WHERE (l.suspect OR l.status IN ('won', 'lost', 'withdrawn')) AND l.status <> 'erased'
	  AND k.days > 0 AND h.closed <= clock() - make_interval(days => k.days)`

// KeptLongEnough counts the leads that the next daily run would erase if leads were kept so long.
func (db *DB) KeptLongEnough(ctx context.Context, keep lead.Retention) (n int, err error) {
	err = db.pool.QueryRow(ctx, `SELECT count(*)`+keptLongEnough, keep.Won, keep.Lost, keep.Withdrawn, keep.Suspect).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("retention: %w", kind(err))
	}
	return n, nil
}

// atATime is how many leads one look for old ones finds.
const atATime = 500

// Retire erases the leads whose retention is over, once a day in site time, whichever instance comes first. A run that broke
// off goes on at the next sweep.
func (db *DB) Retire(ctx context.Context) (erased int, err error) {
	s, err := db.Settings(ctx)
	if err != nil {
		return 0, err
	}
	var done bool
	if err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM retention_runs WHERE day = $1)`, s.Today).Scan(&done); err != nil || done {
		return 0, kind(err)
	}
	keep := s.Promise.Keep
	for {
		rows, _ := db.pool.Query(ctx, `SELECT l.reference`+keptLongEnough+` ORDER BY l.id LIMIT $5`,
			keep.Won, keep.Lost, keep.Withdrawn, keep.Suspect, atATime)
		old, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return erased, fmt.Errorf("retention: %w", kind(err))
		}
		for _, reference := range old {
			if err := db.erase(ctx, `reference`, reference, 0, false); err != nil {
				return erased, err
			}
			erased++
		}
		if len(old) < atATime {
			break
		}
	}
	_, err = db.pool.Exec(ctx, `INSERT INTO retention_runs (day, erased) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.Today, erased)
	return erased, kind(err)
}
