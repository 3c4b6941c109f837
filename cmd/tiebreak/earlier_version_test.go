package main

import (
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
)

// TestDatabaseOfAnEarlierVersionStillWorks restores a dump that pg_dump made under version 7b5402b, with a guide, four requests
// and two members, and serves it: addresses, passwords, links and exports are those of before.
func TestDatabaseOfAnEarlierVersionStillWorks(t *testing.T) {
	t.Parallel()
	// Under the time of the dump nothing in it has expired.
	address := foreignServer(t, `CREATE DATABASE other`, `DO $$ BEGIN EXECUTE format('ALTER DATABASE other
		SET tiebreak.clock_shift = %L', timestamptz '2026-11-29 12:00Z' - now()); END $$`)
	restoreDump(t, address, "7b5402b")
	site := serveOn(t, dataFolder(t), "DATABASE_URL="+address)

	leads, err := os.ReadFile("testdata/version_7b5402b.json")
	must(t, err)
	if got := runOn(t, address, []string{"lead", "list", "--json"}); got.stdout != string(leads) {
		t.Errorf("the leads are now\n%s%s", got.stdout, got.stderr)
	}

	dir := t.TempDir()
	wantDone(t, runOn(t, address, []string{"guide", "export", "--dir", dir}))
	text, err := os.ReadFile(filepath.Join(dir, "guides/django-vs-fastapi.yaml"))
	if err != nil || !strings.Contains(string(text), "based_on: e947d12abda452c30f1160e6b2422594") {
		t.Errorf("the exported guide is\n%.300s (%v)", text, err)
	}

	owner := enter(t, site.base, "owner@example.org", password)
	if !owner.in() {
		t.Fatal("the password of before is refused")
	}
	for path, words := range map[string]string{
		"/compare/django-vs-fastapi":           "Django vs FastAPI",
		"/requests/TD3QTYP6T5WJ4WIX6JQJARC3ET": "TB-0001",
		"/requests/MES45Z2MGSKCTQYO7I7X53CEAD": "withdrew",
		"/staff/leads?q=sample":                "Sample Person 4",
		"/staff/leads/TB-0004":                 "A sample reply.",
		"/staff/templates":                     "A sample template",
		"/staff/deliveries":                    "Outgoing",
		"/staff/insights":                      "Insights",
		"/staff/audit":                         "Sample Owner",
	} {
		response, err := owner.Get(site.base + path)
		must(t, err)
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), words) {
			t.Errorf("%s: status %d, %v, without %q:\n%s", path, response.StatusCode, err, words, body)
		}
	}
}

// restoreDump fills an empty database with a dump that an earlier version made.
func restoreDump(t *testing.T, address, version string) {
	t.Helper()
	dump, err := os.Open("testdata/version_" + version + ".sql.gz")
	must(t, err)
	defer dump.Close()
	sql, err := gzip.NewReader(dump)
	must(t, err)
	pgtest.Restore(t, address, sql)
}
