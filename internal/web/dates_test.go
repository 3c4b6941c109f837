package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/mail"
)

// dated finds each day of a month, with the year behind it or behind the last day of its range, if there is one.
var dated = regexp.MustCompile(strings.ReplaceAll(`\b\d{1,2} MONTH\b(?:(?: – \d{1,2} MONTH)? 20\d\d)?`,
	"MONTH", `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*`))

// wantYears checks that the page says dates, each with its year. The charts' axes do without: the tables beside them have all.
func (a answer) wantYears(atLeast int) {
	a.t.Helper()
	a.Find("svg, .prose.quote").Remove()
	found := dated.FindAllString(strings.ReplaceAll(a.text("main"), "\u00a0", " "), -1)
	if len(found) < atLeast {
		a.t.Errorf("%s says the dates %q, want %d at least", a.what, found, atLeast)
	}
	for _, date := range found {
		if !strings.Contains(date, " 20") {
			a.t.Errorf("%s says %q without a year", a.what, date)
		}
	}
}

// TestDatesOnStaffPagesAndReceiptsHaveTheirYear looks at a lead of years ago: without its year its deadline reads as next week's.
func TestDatesOnStaffPagesAndReceiptsHaveTheirYear(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	receipt := s.ask("A sample project")
	s.ask("Another sample project")
	s.mustPost("/staff/leads/TB-0001/reply", "do", "draft", "reply", "A draft.")
	s.mustAct("TB-0001", "/team-notes", "note", "A note.", "key", "a")
	s.mustPost(receipt+"/notes", "note", "A detail.", "key", "b")
	s.mustPost("/staff/account/reauthentication", "password", samplePassword)
	s.mustPost("/staff/team/invitations", "email", "new@example.org", "role", "reader")
	s.hoursOld("TB-0001", 3*365*24)
	s.hoursOld("TB-0002", 3*24)

	for path, atLeast := range map[string]int{
		"/staff/leads": 2, "/staff/leads/TB-0001": 8, "/staff/deliveries": 4, "/staff/insights": 5, "/staff/team": 2,
		"/staff/account": 2, "/staff/audit": 5,
	} {
		s.get(path).wantStatus(http.StatusOK).wantYears(atLeast)
	}
	s.get(receipt).wantYears(3)
	if months := s.get("/staff/leads").text("[name=month]"); !regexp.MustCompile(`[A-Z][a-z]+ 20\d\d`).MatchString(months) {
		t.Errorf("the months to choose from are %q", months)
	}
}

// TestDeadlineAtMidnightIsTheEndOfADay has a request arrive on a closed day, so its deadline counts from a midnight.
func TestDeadlineAtMidnightIsTheEndOfADay(t *testing.T) {
	t.Parallel()
	const long, short = "Wednesday 1 December 2027, end of day UTC", "Wed 1 Dec 2027, end of day"
	s := newSiteAt(t, time.Date(2027, 11, 30, 12, 0, 0, 0, time.UTC))
	s.signIn(staff.Admin)
	s.mustPost(closuresPath, "from", "2027-11-30", "until", "2027-11-30", "sentence", "")
	for _, path := range []string{"/", "/intake"} {
		s.get(path).wantText("main", "reopen on Wednesday 1 December 2027", "by "+long+".")
	}
	receipt := s.get(s.ask("A sample project"))
	receipt.wantText("main .say", "by "+long+".").wantText("main .steps", short+" UTC")
	receipt.wantAttr("main .say time", "datetime", "2027-12-02T00:00:00Z")
	s.get("/staff/leads/TB-0001").wantText(".strip", "Reply due"+short)
	s.get("/staff/leads").wantText(".leads .due time", short).wantText(".leads .group", "Due tomorrow")
	s.sql(`UPDATE leads SET due_at = '2027-12-01T00:00:00Z'`)
	s.get("/staff/leads").wantText(".leads .group", "Due today").wantText(".strip.line", "Due today1")

	m := lead.Lead{Reference: "TB-0001", DueAt: time.Date(2027, 12, 2, 0, 0, 0, 0, time.UTC)}
	for _, kind := range []lead.DeliveryKind{lead.ConfirmationMail, lead.NewMail, lead.OverdueMail} {
		letter := mail.LeadEmail(kind, mail.LeadData{Lead: m, Promise: lead.Promise{TimeZone: "UTC"}})
		if text := letter.Subject + letter.Text(); !strings.Contains(text, long) || strings.Contains(text, "00:00") {
			t.Errorf("the mail %s says\n%s", kind, text)
		}
	}
}
