package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// SampleLead is a made-up lead as it stands after all that happened to it. Its reference and its place are the
// database's to give; an erased one has no contents.
type SampleLead struct {
	lead.Lead
	History []SampleStep // oldest first
}

// SampleStep is one thing that happened to a sample lead.
type SampleStep struct {
	At       time.Time
	Kind     lead.EventKind
	Status   lead.Status // the status that it led to
	Member   int64       // 0 for the prospect or the program
	Assignee int64       // of the kind assigned
}

// CountLeads counts the sample leads, and those that people have sent.
func (db *DB) CountLeads(ctx context.Context) (samples, real int, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE starts_with(token, $1)), count(*) FILTER (WHERE NOT starts_with(token, $1)) FROM leads`,
		lead.SamplePrefix).Scan(&samples, &real)
	if err != nil {
		return 0, 0, fmt.Errorf("leads: %w", kind(err))
	}
	return samples, real, nil
}

// LeadMovers are the ids of the members who may move a lead.
func (db *DB) LeadMovers(ctx context.Context) ([]int64, error) {
	rows, _ := db.pool.Query(ctx, `SELECT id FROM members WHERE role <> 'reader' AND disabled_at IS NULL ORDER BY id`)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("members: %w", kind(err))
	}
	return ids, nil
}

// AddSampleLeads keeps leads, all or none; they are in the order of their arrival. Nobody is written to about them.
func (db *DB) AddSampleLeads(ctx context.Context, leads []SampleLead) error {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `SELECT nextval(pg_get_serial_sequence('leads', 'id')) FROM generate_series(1, $1)`, len(leads))
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		if err := copySamples(ctx, tx, ids, leads); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO erasures (reference, at)
			SELECT reference, (SELECT max(at) FROM lead_history WHERE lead_id = l.id)
			FROM leads l WHERE status = 'erased' AND `+samplesFrom, ids[0], lead.SamplePrefix)
		if err != nil {
			return fmt.Errorf("erasures: %w", err)
		}
		// Last, for its lock holds the others up until the commit.
		return db.placeSamples(ctx, tx, ids[0])
	})
	if err != nil {
		return fmt.Errorf("sample leads: %w", err)
	}
	return nil
}

// samplesFrom are the samples that this transaction adds: people may send requests meanwhile.
const samplesFrom = `id >= $1 AND starts_with(token, $2)`

// Places are given within each month's limit: those of the month of arrival to leads that were answered,
// those of this month to new ones. The next 300 of these wait; what is left stands as if from before places were counted.
// A past month that is not there yet had the limit of now. Little is joined, for the tables have just grown and the
// planner knows nothing of it.
const (
	asking = `
		SELECT id, CASE status WHEN 'new' THEN (SELECT site_month())
		           ELSE date_trunc('month', received_at AT TIME ZONE (SELECT time_zone FROM promise))::date END AS month
		FROM leads
		WHERE status IN ('new', 'contacted', 'qualified', 'won') AND NOT suspect AND ` + samplesFrom
	openMonths = `
		INSERT INTO months (month, capacity)
		SELECT DISTINCT month, (SELECT CASE WHEN NOT unlimited THEN places END FROM promise) FROM (` + asking + `) a
		ON CONFLICT DO NOTHING`
	holdPlaces = `
		WITH line AS (
			SELECT id, month, row_number() OVER (PARTITION BY month ORDER BY id) AS nth FROM (` + asking + `) a
		), held AS (
			UPDATE leads l SET place = 'held', month = m.month
			FROM line JOIN months m USING (month)
			WHERE l.id = line.id AND (m.capacity IS NULL OR line.nth <= m.capacity - m.taken)
			RETURNING l.month
		)
		UPDATE months m SET taken = taken + n
		FROM (SELECT month, count(*) AS n FROM held GROUP BY month) h
		WHERE m.month = h.month`
	waitForPlaces = `
		UPDATE leads SET place = 'waitlist'
		WHERE id IN (
			SELECT id FROM leads WHERE status = 'new' AND NOT suspect AND place = 'none' AND ` + samplesFrom + ` ORDER BY id
			LIMIT greatest(0, 300 - (SELECT count(*) FROM leads WHERE place = 'waitlist')))`
)

// placeSamples gives the month's places to those who wait already, then to samples.
func (db *DB) placeSamples(ctx context.Context, tx pgx.Tx, first int64) error {
	if err := db.settlePlaces(ctx, tx, 0); err != nil {
		return err
	}
	for _, sql := range []string{openMonths, holdPlaces, waitForPlaces} {
		if _, err := tx.Exec(ctx, sql, first, lead.SamplePrefix); err != nil {
			return fmt.Errorf("places: %w", err)
		}
	}
	return nil
}

// GatherWords has the index of the leads' words gather what a load puts in and sort it in at TidyLeads, or take it in as it
// comes, which is how it stands at all other times. As it comes, a million leads take three times as long.
func (db *DB) GatherWords(ctx context.Context, gather bool) error {
	setting := `off`
	if gather {
		setting = `on`
	}
	if _, err := db.pool.Exec(ctx, `ALTER INDEX lead_contents_by_words SET (fastupdate = `+setting+`)`); err != nil {
		return fmt.Errorf("index of words: %w", kind(err))
	}
	return nil
}

// TidyLeads tells the planner what a load has put into the tables, and spares their first readers what it left to do.
func (db *DB) TidyLeads(ctx context.Context) error {
	if _, err := db.pool.Exec(ctx, `VACUUM (ANALYZE) leads, lead_contents, lead_history, erasures`); err != nil {
		return fmt.Errorf("statistics of leads: %w", kind(err))
	}
	return nil
}
