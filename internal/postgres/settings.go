package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
)

// Settings are what every page says of the studio, its promise and how that stands.
type Settings struct {
	Site    guide.Site
	Promise lead.Promise
	Places  lead.Places
	Record  lead.Record
	Today   guide.Date // in the site's time zone, by the database's clock
}

// Settings reads the site's identity and promise, the places of the month and the record.
func (db *DB) Settings(ctx context.Context) (s Settings, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readSettings(b, &s) })
	return s, err
}

func readSettings(b *pgx.Batch, s *Settings) {
	readRow(b, &s.Site, "site", selectSite, nil)
	readPromise(b, &s.Promise)
	readPlaces(b, &s.Places)
	readRecord(b, &s.Record)
	readValue(b, &s.Today, "today", `SELECT (clock() AT TIME ZONE time_zone)::date FROM promise`, nil)
}

const selectSite = `SELECT name, run_by, contact, sells, address FROM site`

// Secret signs what the site gives out and takes back. It never changes.
func (db *DB) Secret(ctx context.Context) (secret []byte, err error) {
	defer wrap(&err, "site secret")
	err = db.pool.QueryRow(ctx, `SELECT secret FROM site_secret`).Scan(&secret)
	return secret, err
}

func readSite(ctx context.Context, tx pgx.Tx) (guide.Site, error) {
	rows, _ := tx.Query(ctx, selectSite)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[guide.Site])
}

// importSite changes the parts that the file gives, and says which are different now.
func importSite(ctx context.Context, tx pgx.Tx, file guide.SiteChange) (Change, error) {
	change := Change{Name: "site", State: Unchanged, What: "unchanged"}
	before, err := readSite(ctx, tx)
	if err != nil {
		return change, err
	}
	change.Before = fmt.Sprintf("%q", before)
	s, changed := file.Apply(before)
	if len(changed) == 0 {
		return change, nil
	}
	change.State, change.Parts, change.What = Changed, changed, strings.Join(changed, ", ")+" changed"
	_, err = tx.Exec(ctx, `
		UPDATE site SET name = @name, run_by = @run_by, contact = @contact, sells = @sells, address = @address`,
		pgx.StrictNamedArgs{"name": s.Name, "run_by": s.RunBy, "contact": s.Contact, "sells": s.Sells, "address": s.Address})
	if err != nil {
		return change, err
	}
	return change, bumpVersion(ctx, tx)
}
