package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/pgtest"
)

// notices is what a program has told systemd, whose part the test plays.
type notices struct {
	mu   sync.Mutex
	list []string
}

// all returns what was told so far, a line for each variable.
func (n *notices) all() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.list, "\n") + "\n"
}

// listenAsSystemd returns what a program is told to reach systemd, and what it then says.
func listenAsSystemd(t *testing.T) (environment []string, said *notices) {
	t.Helper()
	path, said := filepath.Join(t.TempDir(), "notify"), &notices{}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		message := make([]byte, 4096)
		for {
			n, err := conn.Read(message)
			if err != nil {
				return
			}
			said.mu.Lock()
			said.list = append(said.list, string(message[:n]))
			said.mu.Unlock()
		}
	}()
	return []string{"NOTIFY_SOCKET=" + path, "WATCHDOG_USEC=300000"}, said
}

func TestSystemdHearsOfTheStartTheRunAndTheStop(t *testing.T) {
	t.Parallel()
	environment, said := listenAsSystemd(t)
	site := serveOn(t, siteFolder(t), append(environment, "TIEBREAK_DRAIN=1s")...)
	eventually(t, "systemd hears of it", func() bool { return strings.Count(said.all(), "WATCHDOG=1\n") > 2 })
	ready := "READY=1\nSTATUS=Serving " + site.base + "\n"
	if before, after, ok := strings.Cut(said.all(), ready); !ok || strings.Contains(before, "WATCHDOG") ||
		!strings.Contains(before, "STATUS=Waiting for the database\n") || strings.Contains(after, "READY") {
		t.Errorf("said %q", said.all())
	}

	site.signal(syscall.SIGTERM)
	eventually(t, "it drains", func() bool {
		return strings.Contains(said.all(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=91000000\nSTATUS=Draining\nWATCHDOG=1\n")
	})
	must(t, site.cmd.Wait())
	if _, after, ok := strings.Cut(said.all(), "STATUS=Finishing what is under way\n"); !ok || after != "" {
		t.Errorf("said %q at the end", said.all())
	}
}

// TestAbsenceOfTheDatabaseIsLoggedOnceAndShownAsTheStatus stops PostgreSQL for longer than the queue, the pages and the balancer
// need to notice, and starts it again.
func TestAbsenceOfTheDatabaseIsLoggedOnceAndShownAsTheStatus(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	cluster := pgtest.Start(t, folder)
	environment, said := listenAsSystemd(t)
	cmd := command(t, dataFolder(t), "serve")
	cmd.Env = append(append(cmd.Env, environment...), "DATABASE_URL="+cluster.URL())
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	must(t, err)
	defer log.Close()
	cmd.Stderr = log
	site := startWithin(t, firstStart, cmd)
	serving := "STATUS=Serving " + site.base
	eventually(t, "it is ready and works the queue", func() bool {
		return strings.Contains(said.all(), serving+"\n") && strings.Contains(readFile(t, log.Name()), "River client started")
	})
	read(t, site.base+guidePath)
	before := len(readFile(t, log.Name()))

	must(t, cluster.Close())
	stopped := time.Now()
	read(t, site.base+guidePath) // from memory, and counted later
	eventually(t, "the status says so", func() bool {
		return strings.Contains(said.all(), serving+", but the database is away\n")
	})
	pgtest.Eventually(t, firstStart, "it has been away for some time", func() bool { return time.Since(stopped) > 8*time.Second })
	if ready(site.base) {
		t.Error("it is ready without a database")
	}
	pgtest.Start(t, folder)
	pgtest.Eventually(t, firstStart, "the status is as before", func() bool {
		return strings.Count(said.all(), serving+"\n") == 2
	})
	pgtest.Eventually(t, firstStart, "it is ready again", func() bool { return ready(site.base) })

	entries := readFile(t, log.Name())[before:]
	for _, line := range []string{"The database is away", "The database is back."} {
		if n := strings.Count(entries, line); n != 1 {
			t.Errorf("%q stands %d times in the log", line, n)
		}
	}
	var others []string
	for entry := range strings.Lines(entries) {
		if !strings.Contains(entry, "msg=request ") {
			others = append(others, entry)
		}
	}
	const most = 4 // the two, and an error of what was under way, such as a sweep and a look at the queue
	if len(others) > most || strings.Contains(entries, "/readyz status=200") {
		t.Errorf("%d entries:\n%s", len(others), entries)
	}
}

// TestSystemdWaitsForALongMigration has a transaction of another program hold the migration up.
func TestSystemdWaitsForALongMigration(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	onCluster(t, folder, func(address string) {
		pgtest.MigrateBack(t, address, 35)
		ctx := context.Background()
		other, err := pgx.Connect(ctx, address)
		must(t, err)
		defer other.Close(ctx)
		_, err = other.Exec(ctx, "BEGIN; LOCK TABLE sessions IN ACCESS SHARE MODE")
		must(t, err)

		environment, said := listenAsSystemd(t)
		serve := command(t, t.TempDir(), "serve")
		serve.Env = append(append(serve.Env, environment...), "DATABASE_URL="+address)
		must(t, serve.Start())
		defer serve.Process.Kill()
		eventually(t, "it asks for more time", func() bool {
			return strings.Contains(said.all(), "EXTEND_TIMEOUT_USEC=30000000\n") &&
				strings.Contains(said.all(), "STATUS=Updating the schema of the database\n")
		})
		_, err = other.Exec(ctx, "COMMIT")
		must(t, err)
		pgtest.Eventually(t, firstStart, "it is ready", func() bool { return strings.Contains(said.all(), "READY=1\n") })
		must(t, serve.Process.Signal(syscall.SIGTERM))
		must(t, serve.Wait())
	})
}
