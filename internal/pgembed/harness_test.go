package pgembed

import (
	"context"
	"errors"
	"fmt"
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
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	if err := os.Chmod(scratch, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fallbackBase = filepath.Join(scratch, "fallback")
	return m.Run()
}

// newFolder is an empty data folder's path; the folder is not there yet.
func newFolder(t *testing.T) string {
	t.Helper()
	parent, err := os.MkdirTemp(scratch, "")
	must(t, err)
	must(t, os.Chmod(parent, 0o755))
	return filepath.Join(parent, "data")
}

// made is a stopped cluster, with one row in table kept, that tests copy: initdb is the slow part.
var made = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(scratch, "made")
	c, err := Open(context.Background(), options(folder, "test"))
	if err != nil {
		return "", err
	}
	defer c.Close()
	conn, err := pgx.Connect(context.Background(), c.URL())
	if err != nil {
		return "", err
	}
	_, err = conn.Exec(context.Background(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
	if err := errors.Join(err, conn.Close(context.Background()), c.Close()); err != nil {
		return "", err
	}
	return folder, shrink(c.home)
})

// shrink makes a stopped cluster's write-ahead log 1 MB long, a third off what each test copies.
func shrink(h home) error {
	b, err := h.findBinaries("")
	if err != nil {
		return err
	}
	return h.account.command(b.path("pg_resetwal"), "--wal-segsize=1", h.data()).Run()
}

// testAccount is the account that a test's clusters run as.
func (h home) testAccount() (account, error) {
	if os.Geteuid() == 0 {
		return h.serviceAccount()
	}
	return selfAccount()
}

// copied is a data folder with a stopped cluster in it that has one row in table kept.
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

// rows counts table kept, on a connection of its own.
func rows(url string) (n int, err error) {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.Background())
	err = conn.QueryRow(context.Background(), "SELECT count(*) FROM kept").Scan(&n)
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

func execute(t *testing.T, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), statement)
	must(t, err)
}

// postmaster is the process id that a cluster's postmaster.pid names.
func postmaster(t *testing.T, root string) int {
	t.Helper()
	file, ok := readPidFile(filepath.Join(root, "data"))
	if !ok {
		t.Fatalf("%s has no postmaster", root)
	}
	return file.pid
}

func kill(t *testing.T, pid int) {
	t.Helper()
	must(t, syscall.Kill(pid, syscall.SIGKILL))
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
