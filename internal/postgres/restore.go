package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// restoreTable is a table that stands while a restore is not finished, with what is being restored. It is not part of the schema.
const restoreTable = "unfinished_restore"

// ErrUnfinishedRestore means that a restore of this database began and did not end.
var ErrUnfinishedRestore = errors.New("a backup was being restored into this database and that did not finish: " +
	"run tiebreak restore again, or use an empty database")

// errRestoring means that another program restores into the same database.
var errRestoring = errors.New("another restore into this database is under way: wait until it has ended")

// ErrNotEmpty means that a database cannot take a backup.
var ErrNotEmpty = errors.New("the database holds a site already, and a backup can only be restored into an empty one")

// RestoreStage says how far a restore is.
type RestoreStage int

// The stages of a restore.
const (
	RestoreEmpty    RestoreStage = iota // nothing is loaded
	RestoreLoaded                       // all rows are there
	RestoreCompared                     // and they are those of the backup
)

// releaseTime is how long the end of the lock on restores may take.
const releaseTime = 5 * time.Second

// LockRestore has no other program restore into the database until release is called.
func (db *DB) LockRestore(ctx context.Context) (release func(), err error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, mapError(err)
	}
	var taken bool
	tx, err := conn.Begin(ctx)
	if err == nil {
		_, err = tx.Exec(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`)
	}
	if err == nil {
		err = tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockRestores).Scan(&taken)
	}
	release = func() {
		defer conn.Release() // which closes a connection that is still in a transaction
		if tx != nil {
			limited, cancel := context.WithTimeout(context.Background(), releaseTime)
			defer cancel()
			_ = tx.Rollback(limited) // the next restore may begin at once
		}
	}
	if err == nil && !taken {
		err = errRestoring
	}
	if err != nil {
		release()
		return nil, mapError(err)
	}
	return release, nil
}

// BeginRestore prepares an empty database for the backup with the checksum. If a restore of the same backup began before and did
// not finish, it goes on. It returns ErrNotEmpty if the database holds anything else.
func (db *DB) BeginRestore(ctx context.Context, checksum string) (RestoreStage, error) {
	begun, compared, err := db.restoreBegun(ctx)
	if err != nil {
		return 0, err
	}
	tables, err := db.tables(ctx)
	switch {
	case err != nil:
		return 0, err
	case begun == "" && tables > 0:
		return 0, ErrNotEmpty
	case begun != "" && begun != checksum && tables > 0:
		return 0, fmt.Errorf("the restore of another backup did not finish here: %w", ErrNotEmpty)
	case compared:
		return RestoreCompared, nil
	case tables > 0:
		return RestoreLoaded, nil
	}
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DROP TABLE IF EXISTS `+restoreTable); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `CREATE TABLE `+restoreTable+` AS SELECT '`+checksum+`' AS checksum, false AS compared`)
		return err
	})
	return RestoreEmpty, err
}

// RestoreIsCompared notes that the tables are those of the backup. From then on they may change.
func (db *DB) RestoreIsCompared(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, `UPDATE `+restoreTable+` SET compared = true`)
	return mapError(err)
}

// FinishRestore opens the restored database for use.
func (db *DB) FinishRestore(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, `DROP TABLE IF EXISTS `+restoreTable)
	return mapError(err)
}

// CheckRestore returns ErrUnfinishedRestore if one is not finished.
func (db *DB) CheckRestore(ctx context.Context) error {
	begun, _, err := db.restoreBegun(ctx)
	if err == nil && begun != "" {
		err = ErrUnfinishedRestore
	}
	return err
}

// restoreBegun returns the checksum of the backup that is being restored, "" if none is, and whether its tables were compared.
func (db *DB) restoreBegun(ctx context.Context) (checksum string, compared bool, err error) {
	defer wrap(&err, "unfinished restore")
	var exists bool
	if err = db.pool.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, restoreTable).Scan(&exists); err != nil || !exists {
		return "", false, err
	}
	err = db.pool.QueryRow(ctx, `SELECT checksum, compared FROM `+restoreTable).Scan(&checksum, &compared)
	return checksum, compared, err
}

// tables counts the tables in the database, other than the one of an unfinished restore.
func (db *DB) tables(ctx context.Context) (n int, err error) {
	defer wrap(&err, "tables")
	err = db.pool.QueryRow(ctx, `
		SELECT count(*) FROM pg_class
		WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace = current_schema()::regnamespace AND relname <> $1
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e')`, restoreTable).Scan(&n)
	return n, err
}

// Erasure tells that a lead was erased.
type Erasure struct {
	Reference string
	At        time.Time
}

// Erasures returns what was erased since then, oldest first.
func (db *DB) Erasures(ctx context.Context, since time.Time) (list []Erasure, err error) {
	defer wrap(&err, "erasures")
	rows, _ := db.pool.Query(ctx, `SELECT reference, at FROM erasures WHERE at >= $1 ORDER BY at, reference`, since)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Erasure])
}

// EraseAgain erases the leads of a ledger that are still there, and returns how many those were. A lead that came after the
// moment of the ledger is another one, which got the same reference in a restored database.
func (db *DB) EraseAgain(ctx context.Context, ledger []Erasure) (erased int, err error) {
	references, times := make([]string, len(ledger)), make([]time.Time, len(ledger))
	for i, e := range ledger {
		references[i], times[i] = e.Reference, e.At
	}
	rows, _ := db.pool.Query(ctx, `
		SELECT DISTINCT reference FROM leads JOIN unnest($1::text[], $2::timestamptz[]) AS ledger (reference, at) USING (reference)
		WHERE received_at <= ledger.at AND status <> 'erased'`, references, times)
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, fmt.Errorf("leads of the ledger: %w", mapError(err))
	}
	for _, reference := range there {
		if err := db.EraseLead(ctx, reference, CommandLine); err != nil {
			return erased, err
		}
		erased++
	}
	return erased, nil
}
