package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// lockPlaces lets one transaction at a time decide over places, on all instances. Whoever changes a lead that is there
// before it settles places takes this lock first, so that nobody waits in a ring.
func lockPlaces(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT lock_places()`)
	return err
}

// settlePlaces grants this month's free places, the oldest waiting first, and tells those who waited. A lead that has just
// arrived hears of its place by its confirmation, one that staff took up again once that can no longer be undone.
func (db *DB) settlePlaces(ctx context.Context, tx pgx.Tx, arrived int64) error {
	rows, _ := tx.Query(ctx, `SELECT granted FROM settle_places() WHERE granted <> $1 ORDER BY received, granted`, arrived)
	granted, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	for _, id := range granted {
		var status lead.Status
		if err := tx.QueryRow(ctx, `SELECT status FROM leads WHERE id = $1`, id).Scan(&status); err != nil {
			return err
		}
		if err := addHistory(ctx, tx, id, lead.Placed, status, 0); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, id, lead.PlacedMail); err != nil {
			return err
		}
	}
	return nil
}

// releasePlace gives the lead's place back at once, if it holds one or one is kept for it, and takes it off the waitlist. A
// place of a month that is over helps nobody any more.
func releasePlace(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `
		WITH kept AS (DELETE FROM kept_places WHERE lead_id = $1 RETURNING month)
		UPDATE months SET taken = taken - 1
		WHERE month = coalesce((SELECT month FROM leads WHERE id = $1), (SELECT month FROM kept))`, id)
	if err != nil {
		return fmt.Errorf("place of lead %d: %w", id, err)
	}
	return leavePlace(ctx, tx, id)
}

// keepPlace takes the lead's place away by an act that can be undone: it goes to nobody else while that is so.
func keepPlace(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO kept_places (lead_id, place, month, until)
		SELECT id, place, month, clock() + $2::interval FROM leads WHERE id = $1 AND place <> 'none'
		ON CONFLICT (lead_id) DO UPDATE SET month = excluded.month, until = excluded.until`, id, lead.UndoTime)
	if err != nil {
		return fmt.Errorf("place of lead %d: %w", id, err)
	}
	return leavePlace(ctx, tx, id)
}

func leavePlace(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE leads SET place = 'none', month = NULL WHERE id = $1`, id)
	return err
}

// returnPlace gives a lead that is taken up again the place that is kept for it; otherwise it waits for one, if it may. A
// place that it gets by waiting is told to the prospect once the act can no longer be undone.
func returnPlace(ctx context.Context, tx pgx.Tx, id int64, mayWait bool) error {
	tag, err := tx.Exec(ctx, `
		WITH kept AS (DELETE FROM kept_places WHERE lead_id = $1 AND place = 'held' RETURNING month)
		UPDATE leads SET place = 'held', month = kept.month FROM kept WHERE id = $1`, id)
	if err != nil || tag.RowsAffected() > 0 || !mayWait {
		return err
	}
	_, err = tx.Exec(ctx, `
		WITH kept AS (SELECT month FROM kept_places WHERE lead_id = $1)
		UPDATE leads
		SET place = CASE WHEN EXISTS (SELECT FROM kept WHERE month IS NOT NULL) THEN 'held' ELSE 'waitlist' END,
		    month = (SELECT month FROM kept)
		WHERE id = $1`, id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO kept_places (lead_id, place, until) VALUES ($1, 'waitlist', clock() + $2::interval)
		ON CONFLICT (lead_id) DO UPDATE SET month = NULL, until = excluded.until`, id, lead.UndoTime)
	return err
}

// readPlaces reads what pages say of intake now.
func readPlaces(b *pgx.Batch, p *lead.Places) {
	readRow(b, p, "places", `
		SELECT site_month() AS month, p.unlimited, p.places AS monthly,
		       CASE WHEN m.month IS NULL THEN p.places ELSE coalesce(m.capacity, p.places) END AS capacity,
		       coalesce(m.taken, 0) AS taken, (SELECT count(*) FROM leads WHERE place = 'waitlist') AS waiting
		FROM promise p
		LEFT JOIN months m ON m.month = site_month()`, nil)
}

// inRecord is the condition of leads l whose answers tell how the promise is kept.
const inRecord = `l.status NOT IN ('withdrawn', 'erased') AND NOT l.suspect AND (l.answered_at IS NOT NULL OR l.due_at <= clock())`

// readRecord reads what pages say of how the promise was kept.
func readRecord(b *pgx.Batch, r *lead.Record) {
	readRow(b, r, "record", `
		SELECT count(*) AS due, count(*) FILTER (WHERE l.answered_at <= l.due_at) AS in_time,
		       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0') AS median
		FROM leads l
		WHERE l.received_at > clock() - make_interval(days => @days) AND `+inRecord, pgx.StrictNamedArgs{"days": lead.RecordDays})
}
