package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// Settings are what every page says of the studio, its promise and how that stands.
type Settings struct {
	Site    guide.Site
	Promise lead.Promise
	Places  lead.Places
	Record  lead.Record
	Closed  lead.Closed
	Today   guide.Date // in the site's time zone, by the database's clock
}

// Settings reads the site's identity and promise, the places of the month, the record and whether the site is closed.
func (db *DB) Settings(ctx context.Context) (s Settings, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readSettings(b, &s) })
	return s, err
}

func readSettings(b *pgx.Batch, s *Settings) {
	readRow(b, &s.Site, "site", selectSite, nil)
	readPromise(b, &s.Promise)
	readPlaces(b, &s.Places)
	readRecord(b, &s.Record)
	readClosed(b, &s.Closed)
	readValue(b, &s.Today, "today", siteToday, nil)
}

// siteColumns are the columns of the parts of the site, in their order.
var siteColumns = func() string {
	var names []string
	for _, part := range (&guide.Site{}).Parts() {
		names = append(names, part.Name)
	}
	return strings.Join(names, ", ")
}()

var selectSite = `SELECT ` + siteColumns + ` FROM site`

// Secret signs what the site gives out and takes back. It never changes.
func (db *DB) Secret(ctx context.Context) (secret []byte, err error) {
	defer wrap(&err, "site secret")
	return readSecret(ctx, db.pool)
}

func readSecret(ctx context.Context, q querier) (secret []byte, err error) {
	err = q.QueryRow(ctx, `SELECT secret FROM site_secret`).Scan(&secret)
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
	return change, saveSite(ctx, tx, s)
}

// ChangeSite replaces the site as a member saw it. It returns fault.Conflict if it is another now, unless that is the one that
// the member wants.
func (db *DB) ChangeSite(ctx context.Context, seen, next guide.Site, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) (err error) {
		defer wrap(&err, "site")
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		switch now, err := readSite(ctx, tx); {
		case err != nil:
			return err
		case now == next:
			return nil
		case now != seen:
			return fault.Conflict
		}
		if err := saveSite(ctx, tx, next); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.SiteChanged, 0)
	})
}

// saveSite replaces the site on the pages of all instances.
func saveSite(ctx context.Context, tx pgx.Tx, s guide.Site) error {
	args := pgx.StrictNamedArgs{}
	for _, part := range s.Parts() {
		args[part.Name] = *part.Text
	}
	values := "@" + strings.ReplaceAll(siteColumns, ", ", ", @")
	if _, err := tx.Exec(ctx, `UPDATE site SET (`+siteColumns+`) = (`+values+`)`, args); err != nil {
		return err
	}
	return bumpVersion(ctx, tx)
}
