package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// ClosuresPage is what the page of closed days shows.
type ClosuresPage struct {
	Closures []lead.Closure // in the order of their days, with those that have passed
	Today    time.Time      // in site time, at midnight UTC
}

// Closures reads the page of closed days.
func (db *DB) Closures(ctx context.Context) (p ClosuresPage, err error) {
	err = db.read(ctx, func(b *pgx.Batch) {
		readRows(b, &p.Closures, "closures", selectClosures, nil)
		readValue(b, &p.Today, "today", siteToday, nil)
	})
	return p, err
}

const selectClosures = `SELECT id, first_day AS from, last_day AS until, sentence FROM closures ORDER BY first_day`

// siteToday reads which day it is in site time.
const siteToday = `SELECT (clock() AT TIME ZONE time_zone)::date AS today FROM promise`

// readClosed reads what pages say while the site is closed.
func readClosed(b *pgx.Batch, c *lead.Closed) {
	readMaybe(b, c, "closed", `
		SELECT reopening() AS reopens, sentence
		FROM closures, (`+siteToday+`) p WHERE today BETWEEN first_day AND last_day`, nil)
}

// soonClosed is how many days before a closure staff are told of it.
const soonClosed = 3

// readNextClosure reads the closure that is in force or begins soon; otherwise it leaves the value as it is.
func readNextClosure(b *pgx.Batch, c *lead.Closure) {
	readMaybe(b, c, "next closure", `
		SELECT id, first_day AS from, last_day AS until, sentence
		FROM closures, (`+siteToday+`) p
		WHERE last_day >= today AND first_day <= today + @days::int ORDER BY first_day LIMIT 1`,
		pgx.StrictNamedArgs{"days": soonClosed})
}

// lockClosures has one transaction at a time change closures, and reads them.
func lockClosures(ctx context.Context, tx pgx.Tx) (p ClosuresPage, err error) {
	if _, err := tx.Exec(ctx, `LOCK TABLE closures IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return p, err
	}
	rows, _ := tx.Query(ctx, selectClosures)
	if p.Closures, err = pgx.CollectRows(rows, pgx.RowToStructByName[lead.Closure]); err != nil {
		return p, err
	}
	return p, tx.QueryRow(ctx, siteToday).Scan(&p.Today)
}

// SaveClosure stores a closure in place of the one that the member saw, the zero for a new one. It returns fault.Invalid if it
// has to be corrected, and fault.Conflict if the one that they saw is another now, is over or was removed. Promises that were
// made stay.
func (db *DB) SaveClosure(ctx context.Context, saw, next lead.Closure, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "closure")
		now, err := lockClosures(ctx, tx)
		if err != nil {
			return err
		}
		if saw.ID != 0 && (!slices.Contains(now.Closures, saw) || saw.Past(now.Today)) {
			return fmt.Errorf("closure %d is not what the member saw: %w", saw.ID, fault.Conflict)
		}
		next.ID = saw.ID
		if wrong := next.Check(saw, now.Closures, now.Today); wrong != nil {
			return wrong
		}
		sql := `INSERT INTO closures (first_day, last_day, sentence, member_id) VALUES (@from, @until, @sentence, @member)`
		args := pgx.StrictNamedArgs{"from": next.From, "until": next.Until, "sentence": next.Sentence, "member": member}
		if next.ID != 0 {
			sql = `
				UPDATE closures SET first_day = @from, last_day = @until, sentence = @sentence, member_id = @member, made_at = clock()
				WHERE id = @id`
			args["id"] = next.ID
		}
		if _, err := tx.Exec(ctx, sql, args); err != nil {
			return err
		}
		return closuresChanged(ctx, tx, member)
	})
}

// RemoveClosure removes a closure that has not begun. One that has begun ends with yesterday, so the site is open again at once;
// one that is over or was removed already stays so. Promises that were made stay.
func (db *DB) RemoveClosure(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "closure %d", id)
		now, err := lockClosures(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(now.Closures, func(c lead.Closure) bool { return c.ID == id })
		if i < 0 || now.Closures[i].Past(now.Today) {
			return nil
		}
		sql, args := `DELETE FROM closures WHERE id = @id`, pgx.StrictNamedArgs{"id": id}
		if now.Closures[i].From.Before(now.Today) {
			sql = `UPDATE closures SET last_day = @yesterday WHERE id = @id`
			args["yesterday"] = now.Today.AddDate(0, 0, -1)
		}
		if _, err := tx.Exec(ctx, sql, args); err != nil {
			return err
		}
		return closuresChanged(ctx, tx, member)
	})
}

// closuresChanged records that a member changed closures, and has pages say so.
func closuresChanged(ctx context.Context, tx pgx.Tx, member int64) error {
	if err := record(ctx, tx, member, staff.ClosuresChanged, 0); err != nil {
		return err
	}
	return bumpVersion(ctx, tx)
}
