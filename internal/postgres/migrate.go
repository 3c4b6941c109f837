package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"tiebreak/migrations"
)

// Migrate brings the schema to the program's version. It changes nothing in a newer schema that this program can work with, and
// refuses one that it cannot. Instances that start at once wait for each other on goose's session lock, and each version is
// applied once.
func (db *DB) Migrate(ctx context.Context, log *slog.Logger) error {
	from, to, err := db.PendingMigrations(ctx)
	if err != nil {
		return err
	}
	if from > to {
		log.Warn("The database has a newer schema than this program, and the schema allows it. The program starts and changes "+
			"nothing in the schema. Start the newer program soon.", "database", from, "program", to)
		return nil
	}
	err = db.withGoose(func(p *goose.Provider) error { return db.applyPending(ctx, p, log) })
	if err != nil {
		return fmt.Errorf("migrate: %w", db.withAdvice(ctx, err))
	}
	// While this one waited for the lock, a newer program may have migrated further.
	if _, _, err := db.PendingMigrations(ctx); err != nil {
		return err
	}
	return db.ensureSecret(ctx)
}

// Migration is one numbered step of the schema.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero while it is pending
}

// Migrations lists every step and when it was applied, also those of a newer program.
func (db *DB) Migrations(ctx context.Context) ([]Migration, error) {
	var list []Migration
	err := db.withGoose(func(p *goose.Provider) error {
		status, err := p.Status(ctx)
		for _, s := range status {
			m := Migration{Version: s.Source.Version, Name: s.Source.Path, AppliedAt: s.AppliedAt}
			if m.Name == "" { // not a file: see queueMigration
				m.Name = "the queue's own tables"
			}
			list = append(list, m)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	rows, _ := db.pool.Query(ctx, `
		SELECT version_id AS version, format('%s (of a newer program)', lpad(version_id::text, 5, '0')) AS name,
		       tstamp::timestamptz AS applied_at
		FROM goose_db_version WHERE version_id > $1 ORDER BY version_id`, migrations.Newest())
	newer, err := pgx.CollectRows(rows, pgx.RowToStructByName[Migration])
	return append(list, newer...), err
}

// databaseBegan is when the database was made, in SQL.
const databaseBegan = `(SELECT min(tstamp)::timestamptz FROM goose_db_version)`

// Began returns when the database was made: its first migration's time.
func (db *DB) Began(ctx context.Context) (at time.Time, err error) {
	defer wrap(&err, "first migration")
	err = db.pool.QueryRow(ctx, `SELECT `+databaseBegan).Scan(&at)
	return at, err
}

// withGoose lends the pool to a goose provider.
func (db *DB) withGoose(use func(*goose.Provider) error) (err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, forever))
	if err != nil {
		return err
	}
	sqlDB := stdlib.OpenDBFromPool(db.pool)
	defer func() { err = errors.Join(err, sqlDB.Close()) }()

	provider, err := goose.NewProvider(goose.DialectPostgres, sqlDB, fs.FS(migrations.FS),
		goose.WithSessionLocker(migrationLock{locker}), goose.WithGoMigrations(db.queueMigration()))
	if err != nil {
		return err
	}
	return use(provider)
}

// QueueSchema is the version of River's schema that this program works with. When an upgrade of River brings a newer one,
// a further migration takes the database there.
const QueueSchema = 8

// queueMigration makes River's tables, as the step after 00007.
func (db *DB) queueMigration() *goose.Migration {
	to := func(direction rivermigrate.Direction, version int) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, _ *sql.DB) error {
			migrator, err := rivermigrate.New(riverpgxv5.New(db.pool), nil)
			if err != nil {
				return err
			}
			_, err = migrator.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version})
			return err
		}}
	}
	return goose.NewGoMigration(8, to(rivermigrate.DirectionUp, QueueSchema), to(rivermigrate.DirectionDown, -1))
}

// ensureSecret makes the site's secret once. Of several instances the first one's is kept.
func (db *DB) ensureSecret(ctx context.Context) error {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: it ends the program instead
	_, err := db.pool.Exec(ctx, `INSERT INTO site_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING`, secret)
	return mapError(err)
}
