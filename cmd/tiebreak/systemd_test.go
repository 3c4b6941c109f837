package main

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

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
		within(t, firstStart, "it is ready", func() bool { return strings.Contains(said.all(), "READY=1\n") })
		must(t, serve.Process.Signal(syscall.SIGTERM))
		must(t, serve.Wait())
	})
}
