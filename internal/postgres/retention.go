package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// keptLongEnough are the leads whose retention is over, by the time of what happened to them last; see keepArgs.
const keptLongEnough = `
	FROM leads l, LATERAL (SELECT max(at) AS closed FROM lead_history h WHERE h.lead_id = l.id) h,
	     LATERAL (SELECT CASE WHEN l.suspect THEN @suspect::int WHEN l.status = 'won' THEN @won::int
	                          WHEN l.status = 'lost' THEN @lost::int WHEN l.status = 'withdrawn' THEN @withdrawn::int
	                          ELSE 0 END AS days) k
	WHERE (l.suspect OR l.status IN ('won', 'lost', 'withdrawn')) AND l.status <> 'erased'
	  AND k.days > 0 AND h.closed <= clock() - make_interval(days => k.days)`

// keepArgs returns the arguments of keptLongEnough: for how many days leads are kept.
func keepArgs(keep lead.Retention) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"won": keep.Won, "lost": keep.Lost, "withdrawn": keep.Withdrawn, "suspect": keep.Suspect}
}

// KeptLongEnough counts the leads that the next daily run would erase if leads were kept so long.
func (db *DB) KeptLongEnough(ctx context.Context, keep lead.Retention) (n int, err error) {
	err = db.pool.QueryRow(ctx, `SELECT count(*)`+keptLongEnough, keepArgs(keep)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("retention: %w", mapError(err))
	}
	return n, nil
}

// atATime is how many leads one look for old ones finds.
const atATime = 500

// EraseExpired erases the leads whose retention is over, once a day in site time, whichever instance comes first. A run that
// broke off goes on at the next sweep.
func (db *DB) EraseExpired(ctx context.Context) (erased int, err error) {
	s, err := db.Settings(ctx)
	if err != nil {
		return 0, err
	}
	var done bool
	if err := db.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM retention_runs WHERE day = $1)`,
		s.Today).Scan(&done); err != nil || done {
		return 0, mapError(err)
	}
	if erased, err = db.eraseOld(ctx, s.Promise.Keep); err != nil {
		return erased, err
	}
	_, err = db.pool.Exec(ctx, `INSERT INTO retention_runs (day, erased) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.Today, erased)
	return erased, mapError(err)
}

// eraseOld erases the leads whose retention is over. One that cannot be erased does not stop the others.
func (db *DB) eraseOld(ctx context.Context, keep lead.Retention) (erased int, err error) {
	type old struct {
		ID        int64
		Reference string
	}
	args := keepArgs(keep)
	args["last"], args["most"] = int64(0), atATime
	for {
		rows, _ := db.pool.Query(ctx, `SELECT l.id, l.reference`+keptLongEnough+` AND l.id > @last ORDER BY l.id LIMIT @most`,
			args)
		leads, wrong := pgx.CollectRows(rows, pgx.RowToStructByName[old])
		if wrong != nil {
			return erased, errors.Join(err, mapError(wrong))
		}
		for _, l := range leads {
			wrong := db.erase(ctx, byReference(l.Reference), byNoStaff)
			if errors.Is(wrong, fault.Unavailable) {
				return erased, errors.Join(err, wrong)
			}
			if wrong == nil {
				erased++
			}
			err, args["last"] = errors.Join(err, wrong), l.ID
		}
		if len(leads) < atATime {
			return erased, err
		}
	}
}
