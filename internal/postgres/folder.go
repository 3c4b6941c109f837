package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// SaveFolder writes the options, then publishes the guides, all or nothing.
func (db *DB) SaveFolder(ctx context.Context, folder guide.Folder) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return saveFolder(ctx, tx, folder) })
}

// Start fills a database that holds no guide and no option yet with what a new site starts with, and reports whether
// it did. Of several instances that start at once, one does.
func (db *DB) Start(ctx context.Context, folder guide.Folder) (filled bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		var empty bool
		if _, err := tx.Exec(ctx, `LOCK TABLE options IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM options)`).Scan(&empty); err != nil || !empty {
			return err
		}
		filled = true
		if err := saveSite(ctx, tx, folder.Site); err != nil {
			return err
		}
		return saveFolder(ctx, tx, folder)
	})
	return filled, err
}

func saveFolder(ctx context.Context, tx pgx.Tx, folder guide.Folder) error {
	for _, o := range folder.Options {
		if err := saveOption(ctx, tx, o); err != nil {
			return err
		}
	}
	for _, g := range folder.Guides {
		if err := publishGuide(ctx, tx, g); err != nil {
			return err
		}
	}
	return nil
}
