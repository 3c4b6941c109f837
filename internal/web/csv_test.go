package web_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
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
	if err != nil {
		s.t.Fatal(err)
	}
	return rows
}

func TestEveryCSVIsHarmlessUnderAnySeparator(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	hostile := "a;=HYPERLINK(\"http://x.example\";\"click\")\n;=2+3\n- one\n|@SUM(1)\t+1, '-1'"
	form := request(nil)
	for _, field := range []string{"name", "company", "project", "timeline", "budget"} {
		form.Set(field, hostile)
	}
	form.Set("name", "=1;@2") // a link in a name would set it aside
	s.post("/intake", form).wantStatus(http.StatusSeeOther)
	s.post("/intake", request(url.Values{"stamp": {"forged"}})).wantStatus(http.StatusSeeOther)
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
