package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// wantEntry checks what the first row of the audit reads after its time.
func (a answer) wantEntry(who, what, whom string) {
	a.t.Helper()
	if got := a.texts("tbody tr:first-child > *")[1:4]; !slices.Equal(got, []string{who, what, whom}) {
		a.t.Errorf("%s: the first entry reads %q, want %q", a.what, got, []string{who, what, whom})
	}
}

func TestSignInsFailuresViewsAndExportsAreAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember(memberEmail, staff.Reader)
	for _, email := range []string{memberEmail, "nobody@example.org"} {
		s.post("/staff/sign-in", fields("email", email, "password", "wrong")).wantStatus(http.StatusUnprocessableEntity)
	}
	s.mustSignIn(memberEmail)
	s.ask("A sample project")
	s.get("/staff/leads").wantStatus(http.StatusOK)
	s.get("/staff/leads/TB-0001").wantStatus(http.StatusOK)
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusNotFound)
	s.mustPost("/staff/sign-out")
	s.as(staff.Admin).get("/staff/leads.csv").wantStatus(http.StatusOK)
	s.wantAudit("leads-exported", "sign-in", "member-joined member 2", "sign-out", "lead-viewed lead 1", "leads-listed",
		"sign-in", "sign-in-failed", "sign-in-failed member 1", "member-joined member 1")
	page := s.as(staff.Admin).get("/staff/audit?kind=sign-in-failed")
	page.wantText("main", "Failed sign-ins in the last 24 hours: 2")
	page.wantText("tbody tr:last-child", "Someone", "as Sample Member")
}

func TestNothingIsShownThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("A secret project")
	s.sql(`ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (kind IN ('sign-in')) NOT VALID`)
	for _, path := range []string{
		"/staff/leads", "/staff/leads?q=secret", "/staff/leads/TB-0001", "/staff/leads/TB-0001/guide",
		"/staff/leads.csv", "/staff/leads.json", "/staff/audit.csv",
	} {
		s.get(path).wantStatus(http.StatusServiceUnavailable).wantRetryAfter().wantNoText("*", "secret")
	}
	s.post("/staff/leads/TB-0001/team-notes", fields("note", " ")).wantStatus(http.StatusServiceUnavailable)
	s.act("TB-0001", "/status", fields("to", "contacted"))
	if l := s.leads()[0]; l.Status != "new" {
		t.Errorf("a lead was %s without an entry", l.Status)
	}
	s.ask("Another project")
}

func TestAuditIsNeverChanged(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	for _, sql := range []string{`UPDATE audit SET member_id = NULL`, `DELETE FROM audit`, `TRUNCATE audit`} {
		if err := pgtest.Exec(t, s.address, sql); err == nil || !strings.Contains(err.Error(), "audit is append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

// pages returns the rows of the pages from the path on, in the order of the link that leads from each to the following.
func (s *site) pages(path, link string) (pages [][]string) {
	s.t.Helper()
	for path != "" {
		page := s.get(path).wantStatus(http.StatusOK)
		pages = append(pages, page.texts("tbody tr"))
		path = page.attr("[rel="+link+"]", "href")
	}
	return pages
}

// wantPaged checks that the list has pages of the sizes, which read the same on the way back.
func (s *site) wantPaged(path string, sizes ...int) {
	s.t.Helper()
	pages := s.pages(path, "next")
	var got []int
	for _, page := range pages {
		got = append(got, len(page))
	}
	if !slices.Equal(got, sizes) {
		s.t.Fatalf("%s: the pages have %d rows, want %d", path, got, sizes)
	}
	last := path
	for range len(pages) - 1 {
		last = s.get(last).attr("[rel=next]", "href")
	}
	back := s.pages(last, "prev")
	slices.Reverse(back)
	if !slices.EqualFunc(back, pages, slices.Equal) {
		s.t.Errorf("%s: the pages read otherwise on the way back", path)
	}
}

func TestAuditIsFilteredPagedAndExported(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("A sample project")
	s.ask("Another project")
	s.sql(`INSERT INTO audit (at, member_id, kind)
		SELECT '2026-03-05 23:30+00'::timestamptz + n * interval '1 second', 1, 'sign-out' FROM generate_series(1, 249) n`)
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusOK)
	for query, want := range map[string]int{
		"?reference=tb-0002": 1, "?reference=TB-0001": 0, "?kind=lead-viewed&member=1": 1, "?kind=lead-viewed&member=2": 0,
		"?from=2026-03-05&to=2026-03-05": 100, "?to=2026-03-04": 0, "?from=2026-03-06&to=2026-03-06": 0,
		"?member=&kind=sign-out": 100,
	} {
		s.get("/staff/audit"+query).wantStatus(http.StatusOK).wantCount("tbody tr", want)
	}
	s.wantPaged("/staff/audit?kind=sign-out", 100, 100, 49)
	rows := s.table(s.get("/staff/audit?kind=sign-out").attr("a[href^='/staff/audit.csv']", "href"))
	if len(rows) != 250 || rows[1][1] != "2026-03-05T23:34:09Z" {
		t.Errorf("%d rows", len(rows))
	}
	s.get("/staff/audit?from=soon").wantStatus(http.StatusUnprocessableEntity).wantText("#from-wrong", "Enter a date")
	s.get("/staff/audit?kind=nonsense").wantStatus(http.StatusNotFound)
	s.get("/staff/audit?after=999999").wantStatus(http.StatusNotFound)
}

func TestAuditOfAMemberIncludesActorAndSubjectEvents(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	other.another().enter(otherEmail, "guess")
	other.get("/staff/leads").wantStatus(http.StatusOK)
	admin.setRole(otherEmail, staff.Editor).wantStatus(http.StatusSeeOther)
	other.mustSignIn(otherEmail)

	page := admin.get("/staff/audit?member=2").wantStatus(http.StatusOK)
	page.wantText("label[for=member]", "By or about")
	var kinds []string
	for _, row := range page.Find("tbody tr").EachIter() {
		kinds = append(kinds, row.Children().Eq(2).Text())
	}
	if want := []string{
		"Signed in", "Made an editor of", "Viewed the list of leads", "Failed to sign in", "Signed in", "Joined the team",
	}; !slices.Equal(kinds, want) {
		t.Errorf("the second member's are %q, want %q", kinds, want)
	}
	admin.get("/staff/audit?member=2&kind=sign-in-failed").wantCount("tbody tr", 1)
	admin.get("/staff/audit?member=9999").wantCount("tbody tr", 0)
}

// TestAuditOfAMemberIsPagedBothWaysWithoutAGap has what a member did and what was done to them take turns, some of it by
// themselves.
func TestAuditOfAMemberIsPagedBothWaysWithoutAGap(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.addMember(otherEmail, staff.Reader)
	s.sql(`INSERT INTO audit (at, member_id, kind, object, object_id)
		SELECT '2026-03-05 12:00+00'::timestamptz + n / 3 * interval '1 second', CASE n % 4 WHEN 0 THEN 1 WHEN 1 THEN NULL ELSE 2 END,
		       'member-enabled', 'member', CASE WHEN n % 2 = 0 THEN 1 ELSE 2 END
		FROM generate_series(1, 320) n`)
	s.wantPaged("/staff/audit?member=2&kind=member-enabled", 100, 100, 40)
}

func TestAuditNamesActorActAndObject(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.addMember(otherEmail, staff.Reader)
	s.sql(`INSERT INTO audit (member_id, kind, object, object_id) VALUES (1, 'member-role-changed', 'member', 1)`) // by an old version
	noError(t, s.db.ResetPassword(t.Context(), 2, "another hash"))
	page := s.get("/staff/audit?kind=member-role-changed").wantCount("#kind option[value^=member-made-]", 3)
	page.wantEntry("Sample Member", "Changed the role (new role not recorded) of", "Sample Member")
	page = s.get("/staff/audit?kind=member-reset")
	page.wantEntry("The command line", "Reset the password and two-step sign-in of", "Sample Member")
}

func TestExportOfTheAuditNamesTheObject(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.another().enter(memberEmail, "guess")
	rows := s.table("/staff/audit.csv")
	if len(rows) != 5 {
		t.Fatalf("%d rows", len(rows))
	}
	name := slices.Index(rows[0], "object_name")
	if name < 0 || rows[1][name] != "" || rows[2][4] != "sign-in-failed" || rows[2][name] != "Sample Member" {
		t.Errorf("the rows are %q", rows)
	}
}
