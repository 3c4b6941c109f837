package postgres

import (
	"context"
	"fmt"
	"log/slog"

	"tiebreak/internal/fault"
	"tiebreak/migrations"
)

// ErrOutdated says that a newer program brought the database to a schema that this program cannot work with.
var ErrOutdated = fmt.Errorf("a newer program has upgraded the database: start the newer program: %w", fault.Unavailable)

// PendingMigrations returns the newest migration of the database, 0 for a new one, and the newest that this program knows. If
// from is less than to, Migrate has something to apply. It returns an error if this program is too old for the database.
func (db *DB) PendingMigrations(ctx context.Context) (from, to int64, err error) {
	to = migrations.Newest()
	if from, err = db.newestMigration(ctx); err != nil {
		return from, to, fmt.Errorf("read the schema's version: %w", db.withAdvice(ctx, err))
	}
	if from <= to {
		return from, to, nil
	}
	// A newer schema says which programs can work with it.
	var oldest int64
	if err = db.pool.QueryRow(ctx, `SELECT oldest FROM schema_compatibility`).Scan(&oldest); err != nil {
		return from, to, fmt.Errorf("read which programs can work with schema %d: %w", from, db.withAdvice(ctx, err))
	}
	if oldest > to {
		err = fmt.Errorf("the database has schema %d. This program knows schemas up to %d. Start the newer program, or restore "+
			"a backup made before the upgrade", from, to)
	}
	return from, to, err
}

// newestMigration returns the number of the newest migration that was applied, 0 without one.
func (db *DB) newestMigration(ctx context.Context) (number int64, err error) {
	var migrated bool
	err = db.pool.QueryRow(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&migrated)
	if err != nil || !migrated {
		return 0, err
	}
	err = db.pool.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&number)
	return number, err
}

// noteCompatibility notes whether this program is too old for the database, given the oldest schema whose programs are not, and
// logs when it has become so.
func (db *DB) noteCompatibility(oldest int64, log *slog.Logger) {
	outdated := oldest > migrations.Newest()
	if was := db.outdated.Swap(outdated); outdated && !was {
		log.Error("A newer program has upgraded the database, and this program is too old for it. Replace it with the newer "+
			"one. Until then /readyz fails and nobody can sign in here.", "program", migrations.Newest(), "needed", oldest)
	}
}
