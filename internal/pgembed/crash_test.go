package pgembed

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// quick is how soon a cluster must answer again after a crash.
const quick = 10 * time.Second

func TestPostgresThatIsKilledIsStartedAgain(t *testing.T) {
	t.Parallel()

	c := open(t, options(copied(t), "serve"))
	killPostgres(t, c)

	eventually(t, "the cluster answers again", quick, func() bool {
		n, err := rows(c.URL())
		return err == nil && n == 1
	})
}

func TestCloseWhilePostgresIsStartedAgainLeavesNothing(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	c := open(t, options(folder, "serve"))
	killPostgres(t, c)
	must(t, c.Close())

	wantNoProcess(t, folder)
	wantRows(t, open(t, options(folder, "serve")), 1)
}

func TestClusterSurvivesThatItsOwnerIsKilled(t *testing.T) {
	t.Parallel()

	for name, postgresToo := range map[string]bool{"alone": false, "and postgres": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := copied(t)
			owner := startOwner(t, durable(folder), nil)
			must(t, query(owner.answer(t).URL, "INSERT INTO kept VALUES (2)"))
			pid := postmaster(t, filepath.Join(folder, "pg"))
			owner.kill(t)
			if postgresToo {
				syscall.Kill(pid, syscall.SIGKILL) // it may have ended with its owner
			}

			began := time.Now()
			wantRows(t, open(t, durable(folder)), 2)
			if took := time.Since(began); took > quick {
				t.Errorf("it took %v, want at most %v", took, quick)
			}
		})
	}
}

func TestOrphanOfAnEarlierOwnerIsStoppedFirst(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	l := locationOf(t, folder)
	b, err := l.findBinaries("")
	must(t, err)
	// A process that nobody signals when its owner goes.
	orphan := l.account.command(t.Context(), b.path("postgres"), "-D", l.data(), "-k", l.data(), "-c", "listen_addresses=")
	must(t, orphan.Start())
	go orphan.Wait()
	eventually(t, "the orphan is ready", soon, func() bool {
		file, ok := readPidFile(l.data())
		return ok && file.ready
	})
	must(t, query(connectionURL(l.data(), databaseName), "INSERT INTO kept VALUES (2)"))

	c := open(t, options(folder, "serve"))
	wantRows(t, c, 2)
	if postmaster(t, c.Folder()) == orphan.Process.Pid {
		t.Error("the orphan still runs")
	}
}

// durable is for tests that count rows after a crash: fast clusters may lose the last ones.
func durable(folder string) Options {
	o := options(folder, "serve")
	o.Fast = false
	return o
}

func TestKillDuringInitdbLeavesAFolderThatStarts(t *testing.T) {
	t.Parallel()

	folder := newFolder(t)
	owner := startOwner(t, options(folder, "serve"), nil)
	eventually(t, "initdb is at work", soon, func() bool {
		return len(unfinished(t, folder, "/base/1/PG_VERSION")) > 0
	})
	owner.kill(t)

	c := open(t, options(folder, "serve"))
	must(t, query(c.URL(), "CREATE TABLE kept (n int)"))
	if left := unfinished(t, folder, ""); len(left) > 0 {
		t.Errorf("what initdb left is still there: %v", left)
	}
}

func unfinished(t *testing.T, folder, file string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "pg", "init-*") + file)
	must(t, err)
	return found
}

func TestPidFileThatNamesAForeignProcessNeitherBlocksNorHarmsIt(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	data := filepath.Join(folder, "pg", "data")
	account := locationOf(t, folder).account
	// It runs as PostgreSQL's user, so that postgres alone would take it for one of its own.
	foreign := account.command(t.Context(), "sleep", "60")
	must(t, foreign.Start())
	lines := fmt.Sprintf("%d\n%s\n1700000000\n5432\n%s\n\n  1234567         9\nready   \n", foreign.Process.Pid, data, folder)
	pidFile := filepath.Join(data, "postmaster.pid")
	must(t, os.WriteFile(pidFile, []byte(lines), 0o600))
	must(t, account.chown(pidFile))

	wantRows(t, open(t, options(folder, "serve")), 1)

	must(t, foreign.Process.Kill())
	if err := foreign.Wait(); !strings.Contains(err.Error(), "killed") {
		t.Errorf("the foreign process was harmed: %v", err)
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	t.Parallel()

	folder := copied(t)
	c := open(t, options(folder, "serve"))
	pid := postmaster(t, c.Folder())
	if group, err := syscall.Getpgid(pid); err != nil || group == syscall.Getpgrp() {
		t.Errorf("postgres is in our process group, so Ctrl-C stops it before we are done (%v)", err)
	}
	must(t, c.Close())
	must(t, c.Close())

	wantNoProcess(t, folder)
	if err := syscall.Kill(pid, 0); err == nil {
		t.Errorf("the postmaster %d is still there", pid)
	}
}

// wantNoProcess looks at command lines, another way than the package itself takes.
func wantNoProcess(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	must(t, err)
	for _, file := range files {
		line, _ := os.ReadFile(file) // the process may have ended
		if bytes.Contains(line, []byte("postgres\x00-D\x00"+folder)) {
			t.Errorf("%s is left: %q", filepath.Dir(file), line)
		}
	}
}
