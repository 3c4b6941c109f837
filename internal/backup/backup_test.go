package backup_test

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"

	"tiebreak/internal/backup"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// receive has n leads arrive and returns their references.
func receive(t *testing.T, db *postgres.DB, n int) (references []string) {
	t.Helper()
	for i := range n {
		f := lead.Form{
			Name: "Sample Person", Email: fmt.Sprintf("sample-%d@example.org", i),
			Project: fmt.Sprintf("A sample project, number %d", i), Agreed: true, Key: lead.NewKey(),
		}
		s := f.Submission(lead.Choices{Option: lead.Undecided}, nil, []byte("secret"), time.Now())
		s.Signals = lead.Signals{}
		arrival, err := db.ReceiveLead(t.Context(), s)
		must(t, err)
		r, err := db.Receipt(t.Context(), arrival.Token)
		must(t, err)
		references = append(references, r.Lead.Reference)
	}
	return references
}

// write writes a backup of the database and returns its path.
func write(t *testing.T, db *postgres.DB, key string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.backup")
	_, err := config(t, db, key).Write(t.Context(), path)
	must(t, err)
	return path
}

func config(t *testing.T, db *postgres.DB, key string) backup.Config {
	t.Helper()
	parsed, err := backup.ParseKey(key)
	must(t, err)
	return backup.Config{DB: db, Key: parsed, Bin: os.Getenv("PG_BIN"), Program: "test", Log: slog.New(slog.DiscardHandler)}
}

func open(t *testing.T, path, key string) *backup.File {
	t.Helper()
	f, err := backup.Open(path, config(t, nil, key).Key)
	must(t, err)
	return f
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	must(t, err)
	return key
}

func TestRestoredBackupHoldsWhatTheDatabaseHeldAtThatMoment(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"plain": "", "encrypted": identity(t).String()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.NewURL(t)
			db := pgtest.Open(t, url)
			receive(t, db, 3)
			before := rowsOf(pgtest.Dump(t, url))
			path := write(t, db, key)
			receive(t, db, 1) // after the moment

			text, err := os.ReadFile(path)
			must(t, err)
			if encrypted := !strings.Contains(string(text), `"table":"leads"`); encrypted != (key != "") {
				t.Errorf("encrypted is %v", encrypted)
			}
			empty := pgtest.EmptyURL(t)
			restored := pgtest.Open(t, empty)
			_, err = config(t, restored, key).Restore(t.Context(), open(t, path, key), nil)
			must(t, err)
			after := rowsOf(pgtest.Dump(t, empty))
			for _, changed := range []string{"deliveries", "river_job", "audit"} { // emails wait for a member
				delete(before, changed)
				delete(after, changed)
			}
			for table, rows := range before {
				if after[table] != rows {
					t.Errorf("%s held\n%s\nand now holds\n%s", table, rows, after[table])
				}
			}
			if l := receive(t, restored, 1); l[0] != "TB-10004" { // TB-0004 came after the backup
				t.Errorf("the next lead is %s", l[0])
			}
		})
	}
}

// rowsOf returns the tables of a dump without its other parts.
func rowsOf(dump map[string]string) map[string]string {
	maps.DeleteFunc(dump, func(table, _ string) bool { return table == "" })
	return dump
}

func TestRestoreRefusesADatabaseInUseAndLeavesItAlone(t *testing.T) {
	t.Parallel()
	path := write(t, pgtest.New(t), "")
	url := pgtest.NewURL(t)
	used := pgtest.Open(t, url)
	receive(t, used, 1)
	before := pgtest.Dump(t, url)
	if _, err := config(t, used, "").Restore(t.Context(), open(t, path, ""), nil); !errors.Is(err, postgres.ErrNotEmpty) {
		t.Errorf("got %v", err)
	}
	after := pgtest.Dump(t, url)
	if delete(before, ""); !maps.Equal(before, rowsOf(after)) {
		t.Error("the database changed")
	}
}

func TestBackupReplacesNoFile(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	path := write(t, db, "")
	before, err := os.ReadFile(path)
	must(t, err)
	if _, err := config(t, db, "").Write(t.Context(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("got %v", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(before) {
		t.Errorf("the file changed (%v)", err)
	}
}

func TestInterruptedRestoreIsNotServedAndGoesOn(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 3)
	f := open(t, write(t, db, ""), "")
	// The restore dies after each of its steps that leaves something behind.
	for name, begin := range map[string]func(t *testing.T, db *postgres.DB, url string){
		"before loading": func(t *testing.T, db *postgres.DB, _ string) {
			_, err := db.BeginRestore(t.Context(), f.Checksum)
			must(t, err)
		},
		"after loading": func(t *testing.T, db *postgres.DB, url string) {
			_, err := config(t, db, "").Restore(t.Context(), f, nil)
			must(t, err)
			must(t, pgtest.Exec(t, url, `CREATE TABLE unfinished_restore AS SELECT '`+f.Checksum+`' AS checksum, true AS compared`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := pgtest.EmptyURL(t)
			db := pgtest.Open(t, url)
			begin(t, db, url)
			if err := db.CheckRestore(t.Context()); !errors.Is(err, postgres.ErrUnfinishedRestore) {
				t.Fatalf("it would be served: %v", err)
			}
			_, err := config(t, db, "").Restore(t.Context(), f, nil)
			must(t, err)
			must(t, db.CheckRestore(t.Context()))
			if leads := pgtest.Leads(t, db); len(leads) != 3 {
				t.Errorf("there are %d leads", len(leads))
			}
		})
	}
}

func TestTwoRestoresAtOnceDoNotMix(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 3)
	f := open(t, write(t, db, ""), "")
	url := pgtest.EmptyURL(t)
	var wait sync.WaitGroup
	var done atomic.Int64
	for range 4 {
		db := pgtest.Open(t, url)
		wait.Go(func() {
			if _, err := config(t, db, "").Restore(t.Context(), f, nil); err == nil {
				done.Add(1)
			}
		})
	}
	wait.Wait()
	restored := pgtest.Open(t, url)
	if leads := pgtest.Leads(t, restored); done.Load() != 1 || len(leads) != 3 {
		t.Errorf("%d restores were done, and there are %d leads", done.Load(), len(leads))
	}
	must(t, restored.CheckRestore(t.Context()))
}

func TestDrillTellsThatABackupCanBeRestored(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 3)
	folder := pgtest.Folder(t)
	r, err := config(t, nil, "").Drill(t.Context(), open(t, write(t, db, ""), ""), folder)
	if err != nil || r.Took <= 0 {
		t.Errorf("got %+v, %v", r, err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) > 0 {
		t.Errorf("it left %v (%v)", left, err)
	}
}

// TestDrillLeavesAnotherOneAlone has a drill under way in the same folder.
func TestDrillLeavesAnotherOneAlone(t *testing.T) {
	t.Parallel()
	f := open(t, write(t, pgtest.New(t), ""), "")
	folder := pgtest.Folder(t)
	other := pgtest.Start(t, filepath.Join(folder, "drill"))
	if _, err := config(t, nil, "").Drill(t.Context(), f, folder); err == nil || !strings.Contains(err.Error(), "under way") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(other.Folder()); err != nil {
		t.Errorf("the other one's folder is gone: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
