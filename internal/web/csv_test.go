package web_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// formulaPart matches a sign that begins a formula in a cell or in what another separator makes a cell.
var formulaPart = regexp.MustCompile("(?:^|[,;|\t\r\n])[\\s\\p{Z}\"'`]*[-=+@]")

// table reads a CSV, which must be legible and harmless to every spreadsheet.
func (s *site) table(path string) [][]string {
	s.t.Helper()
	body, marked := strings.CutPrefix(s.body(path), "\xEF\xBB\xBF")
	if !marked {
		s.t.Errorf("%s has no byte order mark", path)
	}
	if part := formulaPart.FindString(body); part != "" {
		s.t.Errorf("%s holds a formula: %q", path, part)
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	noError(s.t, err)
	return rows
}

func TestEveryCSVIsHarmlessUnderAnySeparator(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	hostile := "a;=HYPERLINK(\"http://x.example\";\"click\")\n;=2+3\n- one\n|@SUM(1)\t+1, '-1'"
	s.ask(hostile, "company", hostile, "timeline", hostile, "budget", hostile,
		"name", "=1;@2") // a link in a name would make it a suspect
	s.ask("A sample project", "stamp", "forged")
	if rows := s.table("/staff/leads.csv?tab=all"); len(rows) != 3 {
		t.Errorf("%d rows of leads", len(rows))
	}
	for _, path := range []string{
		"/staff/audit.csv", "/staff/insights/weeks.csv", "/staff/insights/guides.csv",
		"/staff/insights/ticks.csv", "/staff/insights/causes.csv",
	} {
		if rows := s.table(path); len(rows) < 2 {
			t.Errorf("%s has %d rows", path, len(rows))
		}
	}
}
