package doctor_test

import (
	"path/filepath"
	"testing"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestOldAndFailedBackupsAreFound(t *testing.T) {
	t.Parallel()
	address, folder := pgtest.NewURL(t), t.TempDir()
	look := func(db *postgres.DB) findings {
		return checked(t, doctor.Config{BaseURL: nowhere(t), DB: db, BackupFolder: folder})
	}
	db := pgtest.Open(t, address)
	f := look(db)
	f.want("backup", health.OK, "tonight")
	f.want("backup-drill", health.OK, "first backup")
	f.want("disk-backup", health.OK, folder)
	must(t, db.RecordBackup(t.Context(), postgres.NightlyBackup, ""))
	must(t, db.RecordBackup(t.Context(), postgres.BackupDrill, ""))
	f = look(db)
	f.want("backup", health.OK, "under a minute old")
	f.want("backup-drill", health.OK, "under a minute ago")

	must(t, db.RecordBackup(t.Context(), postgres.NightlyBackup, postgres.NoSpace))
	look(db).want("backup", health.Problem, "The last backup failed. The last good one is of", "The disk for backups is full")
	must(t, db.RecordBackup(t.Context(), postgres.NightlyBackup, ""))
	must(t, db.RecordBackup(t.Context(), postgres.BackupDrill, postgres.NoProgram))
	look(db).want("backup-drill", health.Problem, "could not be restored", "A program of PostgreSQL is missing")
	must(t, db.RecordBackup(t.Context(), postgres.BackupDrill, ""))
	later := look(pgtest.After(t, address, "11 days"))
	later.want("backup", health.Problem, "A nightly backup is missing. The last good one is of")
	later.want("backup-drill", health.Warning, "ten days")
}

func TestFolderThatIsNotThereIsNotChecked(t *testing.T) {
	t.Parallel()
	f := checked(t, doctor.Config{
		BaseURL: nowhere(t), DB: pgtest.New(t), DataFolder: filepath.Join(t.TempDir(), "nothing"), Private: true,
		DatabaseFolder: t.TempDir(),
	})
	f.want("disk-data", health.NotChecked, "not there")
	f.want("disk-database", health.OK, "free on the disk of the database folder")
}
