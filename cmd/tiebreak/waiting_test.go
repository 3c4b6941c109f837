package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/pgtest"
)

func TestServeWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	cluster := pgtest.Start(t, folder)
	address := cluster.URL()
	must(t, cluster.Close())

	wantOneLine(t, runOn(t, address, []string{"guide", "list"}), "PostgreSQL does not answer") // only serve waits
	cmd := command(t, dataFolder(t), "serve")
	printed, err := os.CreateTemp(t.TempDir(), "printed")
	must(t, err)
	defer printed.Close()
	cmd.Env, cmd.Stdout, cmd.Stderr = append(cmd.Env, "DATABASE_URL="+address), printed, printed
	must(t, cmd.Start())
	site := &server{t: t, cmd: cmd}
	t.Cleanup(site.stop)
	eventually(t, "the log says twice that it waits", func() bool {
		return strings.Count(readFile(t, printed.Name()), "Waiting for it") == 2
	})
	pgtest.Start(t, folder)
	pgtest.Eventually(t, firstStart, "the site is up", func() bool {
		base := wordAfter(readFile(t, printed.Name()), "Site")
		return base != "" && ready(base)
	})
}

func TestServeDoesNotWaitForWhatStaysWrong(t *testing.T) {
	t.Parallel()
	address := pgtest.Start(t, siteFolder(t)).URLFor("no_such_database")
	began := time.Now()
	wantOneLine(t, runOn(t, address, []string{"serve"}), `database "no_such_database" does not exist`)
	if took := time.Since(began); took > startLimit {
		t.Errorf("it took %v", took)
	}
}
