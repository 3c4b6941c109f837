package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
)

// lockPlaces lets one transaction at a time decide over places, on all instances. A transaction that changes an existing lead
// and then settles places takes this lock first, to avoid deadlocks.
func lockPlaces(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT lock_places()`)
	return err
}

// openStatuses lists the statuses of open leads.
var openStatuses = sqlList(lead.OpenStatuses)

// settlePlaces grants this month's free places in the order of the waitlist, puts leads that joined it at its end, and tells
// those who waited: by mail, if they have an address. A lead that has just arrived hears of its place by its confirmation, one
// that staff took up again once that can no longer be undone.
func (db *DB) settlePlaces(ctx context.Context, tx pgx.Tx, arrived ...int64) error {
	rows, _ := tx.Query(ctx, `
		SELECT granted FROM settle_places()
		WHERE granted <> ALL (coalesce($1::bigint[], '{}')) ORDER BY received, granted`, arrived)
	granted, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	if len(granted) == 0 {
		return nil
	}
	return db.deliver(ctx, tx, `
		WITH told AS (
			INSERT INTO lead_history (lead_id, kind, status)
			SELECT l.id, @kind, l.status FROM unnest(@granted::bigint[]) WITH ORDINALITY AS g (id, number) JOIN leads l USING (id)
			ORDER BY number
		)
		INSERT INTO deliveries (lead_id, kind)
		SELECT lead_id, @mail FROM lead_contents WHERE lead_id = ANY (@granted) AND email <> '' ORDER BY lead_id RETURNING id`,
		pgx.StrictNamedArgs{"granted": granted, "kind": lead.Placed, "mail": lead.PlacedMail})
}

// releasePlace gives the lead's place back at once, if it holds one or one is kept for it, and takes it off the waitlist. A
// place of a past month is of no use to other leads.
func releasePlace(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `
		WITH kept AS (DELETE FROM kept_places WHERE lead_id = $1 RETURNING month)
		UPDATE months SET taken = taken - 1
		WHERE month = coalesce((SELECT month FROM leads WHERE id = $1), (SELECT month FROM kept))`, id)
	if err != nil {
		return fmt.Errorf("place of lead %d: %w", id, err)
	}
	return leavePlaces(ctx, tx, []int64{id})
}

// keepPlaces takes the leads' places away by an act that can be undone: they go to nobody else while that is so.
func keepPlaces(ctx context.Context, tx pgx.Tx, leads []int64) error {
	if len(leads) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO kept_places (lead_id, place, month, until)
		SELECT id, place, month, clock() + @time::interval FROM leads WHERE id = ANY (@leads) AND place <> 'none'
		ON CONFLICT (lead_id) DO UPDATE SET month = excluded.month, until = excluded.until`,
		pgx.StrictNamedArgs{"leads": leads, "time": lead.UndoTime})
	if err != nil {
		return fmt.Errorf("places of leads: %w", err)
	}
	return leavePlaces(ctx, tx, leads)
}

// placesKept are the places k that go to somebody else once an act can no longer be undone.
const placesKept = `
	FROM kept_places k JOIN leads l ON l.id = k.lead_id
	WHERE k.month = site_month() AND k.until > clock() AND l.place = 'none'`

// waitlistPlaceKept are the leads w that left the waitlist by an act that can be undone: nobody takes their number meanwhile.
const waitlistPlaceKept = `FROM kept_places k JOIN leads w ON w.id = k.lead_id WHERE k.month IS NULL AND w.place = 'none'`

func leavePlaces(ctx context.Context, tx pgx.Tx, leads []int64) error {
	_, err := tx.Exec(ctx, `UPDATE leads SET place = 'none', month = NULL WHERE id = ANY ($1)`, leads)
	return err
}

// returnPlaces gives leads that are taken up again the places that are kept for them, unless they are lost; the others wait for
// one, if they are open, at the end of the waitlist unless their number is kept too. The prospect is told of a place that
// comes by waiting once the act can no longer be undone.
func returnPlaces(ctx context.Context, tx pgx.Tx, leads []int64) error {
	if len(leads) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		WITH kept AS (
			DELETE FROM kept_places k USING leads l
			WHERE k.lead_id = ANY ($1) AND k.place = 'held' AND l.id = k.lead_id AND l.status <> 'lost'
			RETURNING k.lead_id, k.month
		)
		UPDATE leads SET place = 'held', month = kept.month FROM kept WHERE id = lead_id`, leads)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		WITH waiting AS (
			UPDATE leads l SET place = CASE WHEN k.month IS NULL THEN 'waitlist' ELSE 'held' END, month = k.month,
			                   waitlist_order = CASE WHEN k.lead_id IS NOT NULL THEN l.waitlist_order END
			FROM unnest(@leads::bigint[]) AS again (id) LEFT JOIN kept_places k ON k.lead_id = again.id
			WHERE l.id = again.id AND l.place = 'none' AND l.status IN `+openStatuses+`
			RETURNING l.id
		)
		INSERT INTO kept_places (lead_id, place, until) SELECT id, 'waitlist', clock() + @time::interval FROM waiting
		ON CONFLICT (lead_id) DO UPDATE SET month = NULL, until = excluded.until`,
		pgx.StrictNamedArgs{"leads": leads, "time": lead.UndoTime})
	return err
}

// readPlaces reads what pages say of intake now.
func readPlaces(b *pgx.Batch, p *lead.Places) {
	readRow(b, p, "places", `
		SELECT site_month() AS month, (`+siteToday+`) AS today, p.unlimited, p.places AS monthly,
		       CASE WHEN m.month IS NULL THEN p.places ELSE coalesce(m.capacity, p.places) END AS capacity,
		       coalesce(m.taken, 0) AS taken, 
		       (SELECT count(*) FROM leads WHERE place = 'waitlist') + (SELECT count(*) `+waitlistPlaceKept+`) AS waiting
		FROM promise p
		LEFT JOIN months m ON m.month = site_month()`, nil)
}

// inRecord is the condition of leads l whose answers tell how the promise is kept.
const inRecord = `l.status NOT IN ('withdrawn', 'erased') AND NOT l.suspect
	AND (l.answered_at IS NOT NULL OR l.due_at <= clock())`

// readRecord reads what pages say of how the promise was kept.
func readRecord(b *pgx.Batch, r *lead.Record) {
	readRow(b, r, "record", `
		SELECT count(*) AS due, count(*) FILTER (WHERE l.answered_at <= l.due_at) AS in_time,
		       coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY l.answered_at - l.received_at), '0') AS median
		FROM leads l
		WHERE l.received_at > clock() - make_interval(days => @days) AND `+inRecord, pgx.StrictNamedArgs{"days": lead.RecordDays})
}
