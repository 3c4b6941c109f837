package pgembed

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFirstStartAnswersAndTheNextOneKeepsTheRows(t *testing.T) {
	t.Parallel()

	folder := newFolder(t)
	first := open(t, durable(folder))
	must(t, query(first.URL(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1), (2)"))
	must(t, first.Close())

	wantRows(t, open(t, durable(folder)), 2)
}

func TestDatabaseThatAnEarlierStartDidNotMakeIsMade(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	first := open(t, options(folder, "serve"))
	must(t, query(first.URLFor("postgres"), "DROP DATABASE tiebreak"))
	must(t, first.Close())

	second := open(t, options(folder, "serve"))
	must(t, query(second.URL(), "CREATE TABLE kept (n int)"))
}

func TestDataOfAnotherMajorIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()

	folder := folderWithData(t, "13")
	before := listing(t, folder)

	wantRefused(t, options(folder, "serve"), "pg holds data of PostgreSQL 13, which is not installed (found only ",
		"postgresql-13", "Nothing was changed", "The old folder stays as it is",
		"tiebreak backup FILE, then TIEBREAK_DATA=NEWFOLDER tiebreak restore FILE")
	wantListing(t, folder, before)
}

func TestDataOfAnotherMajorIsExplainedByWhatIsInstalled(t *testing.T) {
	t.Parallel()

	l := location{shown: "data/pg"}
	for name, c := range map[string]struct {
		data     int
		found    []int
		explicit string
		want     string
		moves    bool
	}{
		"older data":     {15, []int{16, 17}, "", "which is not installed (found only 16, 17)", true},
		"newer data":     {18, []int{15}, "", "which is not installed (found only 15)", false},
		"between others": {16, []int{15, 17}, "", "To move to version 17", true},
		"PG_BIN":         {15, []int{17}, "/opt/17/bin", "which is not in PG_BIN=/opt/17/bin (found only 17)", true},
	} {
		var found []binaries
		for _, major := range c.found {
			found = append(found, binaries{major: major})
		}
		got := l.otherMajor(c.data, found, c.explicit).Error()
		if !strings.Contains(got, c.want) || strings.Contains(got, "tiebreak restore") != c.moves ||
			strings.Contains(got, "unset PG_BIN") != (c.explicit != "") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// folderWithData returns a data folder with as much data of a major version as leads to a refusal.
func folderWithData(t *testing.T, major string) string {
	t.Helper()
	folder := newFolder(t)
	l := locationOf(t, folder)
	must(t, os.MkdirAll(filepath.Join(l.data(), "base"), 0o755))
	must(t, l.account.chown(l.data()))
	must(t, os.WriteFile(filepath.Join(l.data(), "PG_VERSION"), []byte(major+"\n"), 0o600))
	return folder
}

func TestFolderWithFilesThatAreNoClusterIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()

	folder := newFolder(t)
	data := filepath.Join(folder, "pg", "data")
	must(t, os.MkdirAll(data, 0o755))
	must(t, os.WriteFile(filepath.Join(data, "thesis.txt"), []byte("ten years of work"), 0o644))
	before := listing(t, folder)

	wantRefused(t, options(folder, "serve"), "no PG_VERSION", "TIEBREAK_DATA")
	wantListing(t, folder, before)
}

func TestEmptyDataFolderIsUsedAndThatADatabaseIsMadeIsSaid(t *testing.T) {
	t.Parallel()

	var said bytes.Buffer
	o := options(newFolder(t), "serve")
	o.Log = slog.New(slog.NewTextHandler(&said, nil))
	must(t, os.MkdirAll(filepath.Join(o.Folder, "pg", "data"), 0o755))
	must(t, open(t, o).Close())

	if !strings.Contains(said.String(), "making a new database") {
		t.Errorf("it said only %q", said.String())
	}
}

func TestPathTooLongForASocketWorks(t *testing.T) {
	t.Parallel()

	folder := filepath.Join(newFolder(t), strings.Repeat("a long, \"odd\" name/", 8))
	from, err := made()
	must(t, err)
	must(t, makeFolder(filepath.Dir(folder)))
	copyAll(t, from, folder)

	owner := open(t, options(folder, "serve"))
	wantRows(t, owner, 1)
	wantRows(t, open(t, options(folder, "migrate")), 1)

	must(t, owner.Close())
	if _, err := os.Stat(owner.socket); !os.IsNotExist(err) {
		t.Errorf("the folder for the socket is left: %v", err)
	}
}

func TestStartThatFailsSaysWhatPostgresSaid(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	conf, err := os.OpenFile(filepath.Join(folder, "pg", "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = conf.WriteString("no_such_setting = on\n")
	must(t, err)
	must(t, conf.Close())

	wantRefused(t, options(folder, "serve"), "pg: it says: LOG: ", "no_such_setting")
}

func TestBinariesThatAreNotThereAreNamed(t *testing.T) {
	t.Parallel()

	o := options(newFolder(t), "serve")
	o.Bin = "/nowhere/bin"
	wantRefused(t, o, "PG_BIN=/nowhere/bin")
}

func TestBigLogIsPutAside(t *testing.T) {
	t.Parallel()

	l := location{root: newFolder(t)}
	must(t, l.make())
	must(t, os.WriteFile(l.logPath(), bytes.Repeat([]byte("x"), logLimit+1), 0o600))

	log, err := l.openLog()
	must(t, err)
	defer log.Close()

	if info, err := log.Stat(); err != nil || info.Size() != 0 {
		t.Errorf("the log was not started anew: %v", err)
	}
	if _, err := os.Stat(l.logPath() + ".1"); err != nil {
		t.Error(err)
	}
}

// listing returns every file below the data, with size, owner and time.
func listing(t *testing.T, folder string) string {
	t.Helper()
	data := filepath.Join(folder, "pg", "data")
	out, err := exec.Command("find", data, "-printf", "%p %s %u %m %T@\n").Output()
	must(t, err)
	return string(out)
}

func wantListing(t *testing.T, folder, want string) {
	t.Helper()
	if listing(t, folder) != want {
		t.Error("the files were touched")
	}
}
