package pgtest

import (
	"context"
	"encoding/hex"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// copyLine matches the line with which pg_dump begins the rows of a table. A line of its own with "\." ends them.
var copyLine = regexp.MustCompile(`^COPY (?:public\.)?(\S+) .*FROM stdin;$`)

// Dump returns what pg_dump writes of the database at url: the rows of each table under its name, all else under "". It leaves
// out the heartbeat, which a server writes at any moment.
func Dump(t testing.TB, url string) map[string]string {
	t.Helper()
	out, err := exec.Command(program(t, url, "pg_dump"), "--create", "--dbname", url).Output()
	must(t, err)
	tables, table := map[string]string{}, ""
	for line := range strings.Lines(string(out)) {
		begun := copyLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		switch {
		case table == "" && begun != nil:
			table = begun[1]
		case line == "\\.\n":
			table = ""
		default:
			tables[table] += line
		}
	}
	delete(tables, "heartbeat")
	return tables
}

// Restore has psql run what pg_dump wrote in the empty database at url.
func Restore(t testing.TB, url string, dump io.Reader) {
	t.Helper()
	cmd := exec.Command(program(t, url, "psql"), "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", url)
	cmd.Stdin = dump
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("psql: %v: %s", err, out)
	}
}

// program returns the path of a program that came with the server at url.
func program(t testing.TB, url, name string) string {
	t.Helper()
	ctx := context.Background()
	conn := connect(t, url)
	defer conn.Close(ctx)
	var folder string
	must(t, conn.QueryRow(ctx, `SELECT setting FROM pg_config WHERE name = 'BINDIR'`).Scan(&folder))
	return filepath.Join(folder, name)
}

// TablesWith returns the tables in whose rows pg_dump writes the text, as it is or as bytes, in the order of their names.
func TablesWith(t testing.TB, url, text string) (tables []string) {
	t.Helper()
	dump := Dump(t, url)
	if dump["goose_db_version"] == "" {
		t.Fatalf("pg_dump writes only %v", slices.Sorted(maps.Keys(dump)))
	}
	for _, table := range slices.Sorted(maps.Keys(dump)) {
		if strings.Contains(dump[table], text) || strings.Contains(dump[table], hex.EncodeToString([]byte(text))) {
			tables = append(tables, table)
		}
	}
	return tables
}

// ServerLog returns what PostgreSQL has logged during all tests of the package.
func ServerLog(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(running(t).Folder(), "postgres.log"))
	must(t, err)
	return string(text)
}
