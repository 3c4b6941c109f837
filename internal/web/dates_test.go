package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// dated finds each day of a month, with the year behind it or behind the last day of its range, if there is one.
var dated = regexp.MustCompile(strings.ReplaceAll(`\b\d{1,2} MONTH\b(?:(?: – \d{1,2} MONTH)? 20\d\d)?`,
	"MONTH", `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`))

// wantYears checks that the page says dates, each with its year. The charts' axes do without: the tables beside them have all.
func (a answer) wantYears(path string, atLeast int) {
	a.t.Helper()
	a.Find("svg, .prose.quote").Remove()
	found := dated.FindAllString(strings.ReplaceAll(a.text("main"), "\u00a0", " "), -1)
	if len(found) < atLeast {
		a.t.Errorf("%s says the dates %q, want %d at least", path, found, atLeast)
	}
	for _, date := range found {
		if !strings.Contains(date, " 20") {
			a.t.Errorf("%s says %q without a year", path, date)
		}
	}
}

// TestDatesOnStaffPagesAndReceiptsHaveTheirYear looks at a lead of years ago: without its year its deadline reads as next week's.
func TestDatesOnStaffPagesAndReceiptsHaveTheirYear(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	receipt := s.ask("A sample project", nil)
	s.ask("Another sample project", nil)
	s.post("/staff/leads/TB-0001/reply", url.Values{"do": {"draft"}, "reply": {"A draft."}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/team-notes", url.Values{"note": {"A note."}, "key": {"a"}}).wantStatus(http.StatusSeeOther)
	s.post(receipt+"/notes", url.Values{"note": {"A detail."}, "key": {"b"}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/account/proof", url.Values{"password": {"a sample password"}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/team/invitations", url.Values{
		"email": {"new@example.org"},
		"role":  {"reader"},
	}).wantStatus(http.StatusSeeOther)
	s.exec(address, `UPDATE leads SET received_at = received_at - interval '3 years', due_at = due_at - interval '3 years' WHERE reference = 'TB-0001'`)
	s.exec(address, `UPDATE leads SET received_at = received_at - interval '3 days', due_at = due_at - interval '3 days' WHERE reference = 'TB-0002'`)

	for path, atLeast := range map[string]int{
		"/staff/leads": 3, "/staff/leads/TB-0001": 8, "/staff/deliveries": 4, "/staff/insights": 5, "/staff/team": 2,
		"/staff/account": 2, "/staff/audit": 5,
	} {
		s.get(path).wantStatus(http.StatusOK).wantYears(path, atLeast)
	}
	s.get(receipt).wantYears(receipt, 3)
	if months := s.get("/staff/leads").text("[name=month]"); !regexp.MustCompile(`[A-Z][a-z]+ 20\d\d`).MatchString(months) {
		t.Errorf("the months to choose from are %q", months)
	}
}
