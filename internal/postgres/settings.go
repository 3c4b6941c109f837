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
func (db *DB) Settings(ctx context.Context) (Settings, error) {
	var s Settings
	err := db.pool.QueryRow(ctx, `
		SELECT name, run_by, contact, sells, address, reply_hours, places, unlimited, time_zone,
		       keep_won, keep_lost, keep_withdrawn, keep_suspect,
		       (clock() AT TIME ZONE time_zone)::date
		FROM site, promise`).
		Scan(&s.Site.Name, &s.Site.RunBy, &s.Site.Contact, &s.Site.Sells, &s.Site.Address,
			&s.Promise.ReplyHours, &s.Promise.Places, &s.Promise.Unlimited, &s.Promise.TimeZone,
			&s.Promise.Keep.Won, &s.Promise.Keep.Lost, &s.Promise.Keep.Withdrawn, &s.Promise.Keep.Suspect, &s.Today)
	if err != nil {
		return Settings{}, fmt.Errorf("settings: %w", kind(err))
	}
	return s, db.readPlaces(ctx, &s)
}

// Secret signs what the site gives out and takes back. It never changes.
func (db *DB) Secret(ctx context.Context) ([]byte, error) {
	var secret []byte
	err := db.pool.QueryRow(ctx, `SELECT secret FROM site_secret`).Scan(&secret)
	if err != nil {
		return nil, fmt.Errorf("site secret: %w", kind(err))
	}
	return secret, nil
}

func readSite(ctx context.Context, tx pgx.Tx) (guide.Site, error) {
	rows, _ := tx.Query(ctx, `SELECT name, run_by, contact, sells, address FROM site`)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[guide.Site])
}

// importSite changes the parts that the file gives, and says which are different now.
func importSite(ctx context.Context, tx pgx.Tx, file guide.SiteChange) (Change, error) {
	change := Change{Name: "site", What: "unchanged"}
	before, err := readSite(ctx, tx)
	if err != nil {
		return change, err
	}
	s, changed := file.Apply(before)
	if len(changed) == 0 {
		return change, nil
	}
	change.What = strings.Join(changed, ", ") + " changed"
	_, err = tx.Exec(ctx, `UPDATE site SET name = $1, run_by = $2, contact = $3, sells = $4, address = $5`,
		s.Name, s.RunBy, s.Contact, s.Sells, s.Address)
	if err != nil {
		return change, err
	}
	return change, bumpVersion(ctx, tx)
}
