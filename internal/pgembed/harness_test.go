package pgembed

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// soon is how long a test waits for what must happen.
const soon = 20 * time.Second

// scratch holds everything the tests make. It is short, for the sockets, and open, for PostgreSQL's user.
var scratch string

func TestMain(m *testing.M) {
	if os.Getenv(ownerVariable) != "" {
		runOwner()
		return
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("/tmp", "pgembed"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(scratch)
	if err := os.Chmod(scratch, 0o755); err != nil {
		panic(err)
	}
	fallbackBase = filepath.Join(scratch, "fallback")
	return m.Run()
}

// newFolder returns the path of a data folder that is not there yet.
func newFolder(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp(scratch, "")
	must(t, err)
	must(t, os.Chmod(parent, 0o755))
	return filepath.Join(parent, "data")
}

// made returns the folder of a stopped cluster, with one row in table kept, that tests copy: initdb is the slow part.
var made = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(scratch, "made")
	c, err := Open(context.Background(), options(folder, "test"))
	if err != nil {
		return "", err
	}
	err = query(c.URL(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
	if err := errors.Join(err, c.Close()); err != nil {
		return "", err
	}
	return folder, shrink(c)
})

// shrink makes a stopped cluster's write-ahead log 1 MB long, a third off what each test copies.
func shrink(c *Cluster) error {
	l := c.location
	return l.account.command(context.Background(), c.binaries.path("pg_resetwal"), "--wal-segsize=1", l.data()).Run()
}

// locationOf returns the location of the cluster in a data folder, with the account that a test's clusters run as.
func locationOf(t *testing.T, folder string) location {
	t.Helper()
	l, err := findLocation(options(folder, "test"))
	must(t, err)
	return l
}

// copied returns a data folder with a stopped cluster in it that has one row in table kept.
func copied(t *testing.T) string {
	t.Helper()
	from, err := made()
	must(t, err)
	folder := newFolder(t)
	copyAll(t, from, folder)
	return folder
}

func copyAll(t *testing.T, from, to string) {
	t.Helper()
	out, err := exec.Command("cp", "-a", from, to).CombinedOutput()
	if err != nil {
		t.Fatalf("cp: %v: %s", err, out)
	}
}

func options(folder, command string) Options {
	return Options{Folder: folder, Explicit: true, Command: command, Fast: true}
}

// open starts or joins a cluster and closes it at the end of the test.
func open(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(t.Context(), o)
	must(t, err)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// query runs SQL on a connection of its own and reads one row into the variables, if there are any.
func query(url, sql string, into ...any) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if len(into) > 0 {
		return conn.QueryRow(ctx, sql).Scan(into...)
	}
	_, err = conn.Exec(ctx, sql)
	return err
}

// rows counts table kept.
func rows(url string) (n int, err error) {
	err = query(url, "SELECT count(*) FROM kept", &n)
	return n, err
}

func wantRows(t *testing.T, c *Cluster, want int) {
	t.Helper()
	got, err := rows(c.URL())
	must(t, err)
	if got != want {
		t.Fatalf("the cluster has %d rows, want %d", got, want)
	}
}

// wantRefused checks that Open fails with one line that has the words in it.
func wantRefused(t *testing.T, o Options, words ...string) {
	t.Helper()
	_, err := Open(t.Context(), o)
	if err == nil {
		t.Fatal("the cluster was started")
	}
	wantError(t, err.Error(), words...)
}

// postmaster returns the process id in a cluster's postmaster.pid.
func postmaster(t *testing.T, root string) int {
	t.Helper()
	file, ok := readPidFile(filepath.Join(root, "data"))
	if !ok {
		t.Fatalf("%s has no postmaster", root)
	}
	return file.pid
}

func killPostgres(t *testing.T, c *Cluster) {
	t.Helper()
	must(t, syscall.Kill(postmaster(t, c.Folder()), syscall.SIGKILL))
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, within time.Duration, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); !met(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain: %s", within, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
