package doctor

import (
	"context"
	"fmt"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/postgres"
	"tiebreak/templates/ui"
)

const (
	backupLate = 36 * time.Hour      // one a day, and some hours to make it
	drillLate  = 10 * 24 * time.Hour // one a week, and some nights that failed
	// unusedAfter is how old the last record of a backup may be for another instance to make them.
	unusedAfter = 7 * 24 * time.Hour
)

func (d *Doctor) fromBackups(judge func(postgres.BackupStatus) health.Finding) func(context.Context) health.Finding {
	return func(ctx context.Context) health.Finding {
		if d.DB == nil {
			return health.Skipped(noDatabase, seeDatabase)
		}
		status, err := d.DB.Probes().BackupStatus(ctx)
		if err != nil {
			return unread(err)
		}
		return judge(status)
	}
}

func (d *Doctor) backup(s postgres.BackupStatus) health.Finding {
	return Backup(s, d.BackupFolder != "")
}

func (d *Doctor) backupDrill(s postgres.BackupStatus) health.Finding {
	return BackupDrill(s, d.BackupFolder != "")
}

// noBackups says that Tiebreak makes no backups of this database, or of none that it knows.
func noBackups() health.Finding {
	return health.Skipped("Tiebreak makes no backups of this site.",
		"Set TIEBREAK_BACKUP_DIR, or make sure that something else backs up the database.")
}

// kept reports whether this program, or another instance, makes backups by itself.
func kept(s postgres.BackupStatus, here bool) bool {
	return here || s.Now.Sub(s.Recorded) < unusedAfter
}

// Backup judges the nightly backups. here says whether this program makes them.
func Backup(s postgres.BackupStatus, here bool) health.Finding {
	late := s.Now.Sub(latest(s.Good, s.Since)) > backupLate
	switch {
	case !kept(s, here):
		return noBackups()
	case s.Problem != "":
		return health.Fail("The last backup failed. "+lastGood(s), backupAdvice(s.Problem))
	case late:
		return health.Fail("A nightly backup is missing. "+lastGood(s), backupAdvice(postgres.OtherProblem))
	case s.Good.IsZero():
		return health.Good("The first backup is made tonight.")
	}
	return health.Good(fmt.Sprintf("The last backup is %s old.", ui.RoughDuration(s.Now.Sub(s.Good))))
}

// BackupDrill judges how a backup was last restored to try it.
func BackupDrill(s postgres.BackupStatus, here bool) health.Finding {
	late := s.Now.Sub(latest(s.GoodDrill, s.Since)) > drillLate
	switch {
	case !kept(s, here):
		return noBackups()
	case s.DrillProblem != "":
		return health.Fail("The last backup could not be restored when it was tried.", backupAdvice(s.DrillProblem))
	case late:
		return health.Warn("No backup has been restored for ten days to try it.", backupAdvice(postgres.OtherProblem))
	case s.GoodDrill.IsZero():
		return health.Good("The first backup is also restored to try it.")
	}
	return health.Good(fmt.Sprintf("A backup was restored to try it %s ago.", ui.RoughDuration(s.Now.Sub(s.GoodDrill))))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func lastGood(s postgres.BackupStatus) string {
	if s.Good.IsZero() {
		return "There is no backup yet."
	}
	return fmt.Sprintf("The last good one is of %s UTC.", s.Good.UTC().Format("Mon 2 Jan 2006, 15:04"))
}

// backupAdvice says what to do about a backup or drill with the problem.
func backupAdvice(p postgres.BackupProblem) string {
	const look = "The log of the server says why, and “tiebreak help backup” what to do."
	switch p {
	case postgres.NoSpace:
		return "The disk for backups is full: make room. " + look
	case postgres.NoProgram:
		return "A program of PostgreSQL is missing on the server: install it. " + look
	}
	return look
}
