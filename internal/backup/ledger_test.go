package backup_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/backup"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// lines returns the lines of the ledger in the folder.
func lines(t *testing.T, folder string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, backup.LedgerName))
	must(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestLedgerTellsOfEachErasureOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 3)
	folder := t.TempDir()
	ledger := backup.NewLedger(folder)
	for _, reference := range []string{"TB-0002", "TB-0001"} {
		must(t, db.EraseLead(t.Context(), reference, postgres.CommandLine))
		must(t, ledger.Update(t.Context(), db))
		must(t, backup.NewLedger(folder).Update(t.Context(), db)) // another instance
	}
	got := lines(t, folder)
	if len(got) != 2 || !strings.HasSuffix(got[0], " TB-0002") || !strings.HasSuffix(got[1], " TB-0001") {
		t.Errorf("the ledger is %q", got)
	}
}

func TestLedgerOutlivesACrashAndAHand(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 2)
	folder := t.TempDir()
	path := filepath.Join(folder, backup.LedgerName)
	ledger := backup.NewLedger(folder)
	must(t, db.EraseLead(t.Context(), "TB-0001", postgres.CommandLine))
	must(t, ledger.Update(t.Context(), db))
	whole, err := os.ReadFile(path)
	must(t, err)
	for name, text := range map[string]string{
		"a line cut off":   string(whole) + "2026-11-29T12:",
		"the only line":    string(whole[:len(whole)-3]),
		"the file deleted": "",
	} {
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if text == "" {
			must(t, os.Remove(path))
		}
		must(t, ledger.Update(t.Context(), db))
		if got := lines(t, folder); len(got) != 1 || got[0]+"\n" != string(whole) {
			t.Errorf("%s: the ledger is %q", name, got)
		}
	}
	must(t, os.WriteFile(path, append([]byte("a note of mine\n"), whole...), 0o600))
	if err := ledger.Update(t.Context(), db); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("the line is not told of: %v", err)
	}
	if _, err := backup.ReadLedger(path); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("the line is not told of: %v", err)
	}
	must(t, db.EraseLead(t.Context(), "TB-0002", postgres.CommandLine))
	must(t, ledger.Update(t.Context(), db))
	if got := lines(t, folder); len(got) != 3 || !strings.HasSuffix(got[2], " TB-0002") {
		t.Errorf("the ledger is %q", got)
	}
}

func TestWhatWasErasedAfterABackupIsErasedAgain(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	receive(t, db, 3)
	path := write(t, db, "")
	folder := t.TempDir()
	receive(t, db, 1)
	must(t, db.EraseLead(t.Context(), "TB-0002", postgres.CommandLine))
	must(t, db.EraseLead(t.Context(), "TB-0004", postgres.CommandLine)) // which the backup does not hold
	must(t, backup.NewLedger(folder).Update(t.Context(), db))
	ledger, err := backup.ReadLedger(filepath.Join(folder, backup.LedgerName))
	must(t, err)

	url := pgtest.EmptyURL(t)
	restored := pgtest.Open(t, url)
	r, err := config(t, restored, "").Restore(t.Context(), open(t, path, ""), ledger)
	if err != nil || r.Erased != 1 {
		t.Fatalf("got %+v, %v", r, err)
	}
	if found := pgtest.TablesWith(t, url, "number 1"); len(found) > 0 { // TB-0002 was the second
		t.Errorf("its words are in %v", found)
	}
	// A lead that came later and has a reference of the ledger is another one.
	must(t, pgtest.Exec(t, url, `SELECT setval(pg_get_serial_sequence('leads', 'id'), 3)`))
	if next := receive(t, restored, 1); next[0] != "TB-0004" {
		t.Fatalf("the next lead is %s", next[0])
	}
	if again, err := restored.EraseAgain(t.Context(), ledger); err != nil || again != 0 {
		t.Errorf("erased again: %d, %v", again, err)
	}
	l, err := restored.LeadByReference(t.Context(), "TB-0004")
	if err != nil || l.Status == lead.Erased {
		t.Errorf("the new lead is %v (%v)", l.Status, err)
	}
}
