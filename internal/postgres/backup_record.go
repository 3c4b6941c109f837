package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// BackupKind is what the program does about backups by itself.
type BackupKind string

// The kinds.
const (
	NightlyBackup BackupKind = "nightly"
	BackupDrill   BackupKind = "drill" // restoring the last backup, to prove that this works
)

// BackupProblem says why a backup or drill failed; "" if it did not. The log has the details.
type BackupProblem string

// The problems.
const (
	NoSpace      BackupProblem = "no-space"
	NoProgram    BackupProblem = "no-program" // one of PostgreSQL's own programs is not installed
	OtherProblem BackupProblem = "other"
)

// RecordBackup notes how a backup or drill went.
func (db *DB) RecordBackup(ctx context.Context, kind BackupKind, problem BackupProblem) error {
	_, err := db.pool.Exec(ctx, `
		WITH old AS (DELETE FROM backups WHERE ended_at < clock() - interval '1 year')
		INSERT INTO backups (kind, problem) VALUES ($1, $2)`, kind, problem)
	return mapError(err)
}

// backupHour is when a night's backup is due, in site time.
const backupHour = 3

// BackupDue reports whether a backup is due for the last night that is over, which is the date it returns. None is due for a
// database that is younger, and after a failure an hour passes.
func (db *DB) BackupDue(ctx context.Context) (night time.Time, due bool, err error) {
	defer wrap(&err, "due backup")
	err = db.pool.QueryRow(ctx, `
		WITH local AS (
			SELECT time_zone, (clock() AT TIME ZONE time_zone) - make_interval(hours => @hour) AS now FROM promise
		), night AS (
			SELECT now::date AS date, (now::date + make_interval(hours => @hour)) AT TIME ZONE time_zone AS at FROM local
		)
		SELECT date::timestamp AT TIME ZONE 'UTC',
		       at > `+databaseBegan+`
		       AND NOT EXISTS (SELECT FROM backups WHERE kind = @kind AND ended_at >= at AND problem = '')
		       AND NOT EXISTS (SELECT FROM backups WHERE kind = @kind AND ended_at > clock() - interval '1 hour' AND problem <> '')
		FROM night`, pgx.StrictNamedArgs{"hour": backupHour, "kind": NightlyBackup}).Scan(&night, &due)
	return night, due, err
}

// DrillDue reports whether the last backup that was restored to try it is older than a week, or the last try failed.
func (db *DB) DrillDue(ctx context.Context) (due bool, err error) {
	defer wrap(&err, "due drill")
	// A drill begins with the night's backup, which some nights takes longer than others.
	err = db.pool.QueryRow(ctx, `
		SELECT d.good IS NULL OR d.good < clock() - interval '6 days 12 hours' OR d.problem <> '' FROM `+lastBackup(`@kind`)+` d`,
		pgx.StrictNamedArgs{"kind": BackupDrill}).Scan(&due)
	return due, err
}

// BackupStatus tells how the last backup and drill went.
type BackupStatus struct {
	Now          time.Time
	Since        time.Time // when the database was made
	Recorded     time.Time // the last attempt at a backup; zero if there was none
	Good         time.Time // the last backup that did not fail
	Problem      BackupProblem
	GoodDrill    time.Time
	DrillProblem BackupProblem
}

// BackupStatus reads it.
func (db *DB) BackupStatus(ctx context.Context) (s BackupStatus, err error) {
	defer wrap(&err, "status of backups")
	var recorded, good, goodDrill *time.Time
	err = db.pool.QueryRow(ctx, `
		SELECT clock(), `+databaseBegan+`, b.recorded, b.good, coalesce(b.problem, ''),
		       d.good, coalesce(d.problem, '')
		FROM `+lastBackup(`@nightly`)+` b, `+lastBackup(`@drill`)+` d`,
		pgx.StrictNamedArgs{"nightly": NightlyBackup, "drill": BackupDrill}).
		Scan(&s.Now, &s.Since, &recorded, &good, &s.Problem, &goodDrill, &s.DrillProblem)
	for value, read := range map[*time.Time]*time.Time{&s.Recorded: recorded, &s.Good: good, &s.GoodDrill: goodDrill} {
		if read != nil {
			*value = *read
		}
	}
	return s, err
}

// lastBackup reads when the last one of a kind was and how it went.
func lastBackup(kind string) string {
	return `(
		SELECT max(ended_at) AS recorded, max(ended_at) FILTER (WHERE problem = '') AS good,
		       (array_agg(problem ORDER BY ended_at DESC, id DESC))[1] AS problem
		FROM backups WHERE kind = ` + kind + `
	)`
}

// TryBackupLock takes the lock that lets one instance make a backup, until the snapshot is closed. It reports whether it was
// free.
func (s *Snapshot) TryBackupLock(ctx context.Context) (taken bool, err error) {
	err = s.tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, lockBackups).Scan(&taken)
	return taken, mapError(err)
}
