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
	address := serverFor(t, "", `CREATE DATABASE other`, `DO $$ BEGIN EXECUTE format('ALTER DATABASE other
		SET tiebreak.clock_shift = %L', timestamptz '2026-11-29 12:00Z' - now()); END $$`)
	pgtest.Restore(t, address, unpacked(t, "testdata/version_7b5402b.sql.gz"))
	folder, database := dataFolder(t), "DATABASE_URL="+address
	site := serveOn(t, folder, database)

	command := command(t, folder, "lead", "list", "--json")
	command.Env = append(command.Env, database)
	leads, err := os.ReadFile("testdata/version_7b5402b.json")
	if err != nil {
		t.Fatal(err)
	}
	if got := finish(t, command, ""); got.stdout != string(leads) {
		t.Errorf("the leads are now\n%s%s", got.stdout, got.stderr)
	}
	exportsBasedOn(t, folder, database, "e947d12abda452c30f1160e6b2422594")

	owner := enter(t, site.base, "owner@example.org", "a sample password")
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
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(string(body), words) {
			t.Errorf("%s: status %d, %v, without %q:\n%s", path, response.StatusCode, err, words, body)
		}
	}
}

// exportsBasedOn checks that the exported guide has the digest that it had.
func exportsBasedOn(t *testing.T, folder, database, digest string) {
	t.Helper()
	dir := t.TempDir()
	command := command(t, folder, "guide", "export", "--dir", dir)
	command.Env = append(command.Env, database)
	if got := finish(t, command, ""); got.code != exitDone {
		t.Fatalf("exit code %d: %s", got.code, got.stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "guides/django-vs-fastapi.yaml"))
	if err != nil || !strings.Contains(string(text), "based_on: "+digest) {
		t.Errorf("the exported guide is\n%.300s (%v)", text, err)
	}
}

func unpacked(t *testing.T, path string) io.Reader {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
