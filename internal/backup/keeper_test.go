package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/backup"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// keeper returns a keeper of the database with a folder of its own.
func keeper(t *testing.T, db *postgres.DB, key string) (*backup.Keeper, string) {
	t.Helper()
	folder := pgtest.Folder(t)
	k, err := backup.NewKeeper(config(t, db, key), folder)
	must(t, err)
	return k, folder
}

func backups(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "tiebreak-*"))
	must(t, err)
	return found
}

func TestNightlyBackupIsMadeOnceByOneInstance(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	first, firstFolder := keeper(t, db, "")
	first.Keep(t.Context())
	if made := backups(t, firstFolder); len(made) > 0 {
		t.Errorf("a database of today has the backup of a night: %v", made)
	}
	db = pgtest.After(t, url, "26 hours")
	first, firstFolder = keeper(t, db, "")
	second, secondFolder := keeper(t, pgtest.Open(t, url), "")
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { first.Keep(t.Context()) })
		wait.Go(func() { second.Keep(t.Context()) })
	}
	wait.Wait()
	made := append(backups(t, firstFolder), backups(t, secondFolder)...)
	if len(made) != 1 {
		t.Fatalf("made were %v", made)
	}
	if open(t, made[0], "").Rows("promise") != 1 {
		t.Error("it holds no promise")
	}
	if s, err := db.BackupStatus(t.Context()); err != nil || s.Problem != "" || s.Good.IsZero() || s.GoodDrill.IsZero() {
		t.Errorf("the status is %+v (%v)", s, err)
	}
	info, err := os.Stat(made[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v (%v)", info.Mode(), err)
	}
}

// TestDrillTriesABackupThatOnlyItsOwnerCanRead has a key that can only write.
func TestDrillTriesABackupThatOnlyItsOwnerCanRead(t *testing.T) {
	t.Parallel()
	url, key := pgtest.NewURL(t), identity(t)
	db := pgtest.After(t, url, "26 hours")
	k, folder := keeper(t, db, key.Recipient().String())
	k.Keep(t.Context())
	made := backups(t, folder)
	if len(made) != 1 || !strings.HasSuffix(made[0], ".backup.age") {
		t.Fatalf("made were %v", made)
	}
	open(t, made[0], key.String())
	if s, err := db.BackupStatus(t.Context()); err != nil || s.DrillProblem != "" || s.GoodDrill.IsZero() {
		t.Errorf("the status is %+v (%v)", s, err)
	}
	all, err := os.ReadDir(folder)
	if err != nil || len(all) != 1 {
		t.Errorf("it left %v (%v)", all, err)
	}
}

func TestBackupThatFailsIsRecordedAndTriedAgainAnHourLater(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.After(t, url, "26 hours")
	k, folder := keeper(t, db, "")
	k.Bin = t.TempDir() // without programs
	k.Keep(t.Context())
	s, err := db.BackupStatus(t.Context())
	if err != nil || s.Problem != postgres.NoProgram || len(backups(t, folder)) > 0 {
		t.Fatalf("the status is %+v (%v)", s, err)
	}
	k.Bin = os.Getenv("PG_BIN")
	k.Keep(t.Context())
	if made := backups(t, folder); len(made) > 0 {
		t.Errorf("it was tried again at once: %v", made)
	}
	k.DB = pgtest.After(t, url, "27 hours 1 minute")
	k.Keep(t.Context())
	if s, err := db.BackupStatus(t.Context()); err != nil || s.Problem != "" || len(backups(t, folder)) != 1 {
		t.Errorf("the status is %+v (%v)", s, err)
	}
}

func TestWeekHasOneDrill(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	var drills int
	for day := 1; day <= 8; day++ {
		db := pgtest.After(t, url, (time.Duration(day) * 24 * time.Hour).String())
		before, err := db.BackupStatus(t.Context())
		must(t, err)
		k, _ := keeper(t, db, "")
		k.Keep(t.Context())
		if s, err := db.BackupStatus(t.Context()); err != nil || s.GoodDrill.After(before.GoodDrill) {
			drills++
		}
	}
	if drills != 2 {
		t.Errorf("there were %d drills in 8 days", drills)
	}
}
