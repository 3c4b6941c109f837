package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// wantLine is what the first row of the audit reads after its time.
func (a answer) wantLine(who, what, whom string) {
	a.t.Helper()
	row := a.Find("tbody tr").First().Children()
	if row.Eq(1).Text() != who || row.Eq(2).Text() != what || row.Eq(3).Text() != whom {
		a.t.Errorf("the line reads %q", row.Text())
	}
}

func TestAuditOfAMemberHoldsWhatTheyDidAndWhatWasDoneToThem(t *testing.T) {
	t.Parallel()
	admin, other := withAdmin(t, staff.Reader)
	other.another().enter("other@example.org", "guess")
	other.get("/staff/leads").wantStatus(http.StatusOK)
	admin.setRole("other@example.org", staff.Editor).wantStatus(http.StatusSeeOther)
	other.enter("other@example.org", "a sample password")

	page := admin.get("/staff/audit?member=2").wantStatus(http.StatusOK)
	page.wantText("label[for=member]", "By or about")
	var kinds []string
	for _, cell := range page.Find("tbody tr td:nth-child(3)").EachIter() {
		kinds = append(kinds, cell.Text())
	}
	want := []string{
		"Signed in", "Made an editor of", "Viewed the list of leads", "Failed to sign in", "Signed in",
		"Member joined",
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("the second member's are %q, want %q", kinds, want)
	}
	admin.get("/staff/audit?member=2&kind=sign-in-failed").wantCount("tbody tr", 1)
	admin.get("/staff/audit?member=9999").wantCount("tbody tr", 0)
}

// TestAuditOfAMemberIsPagedBothWaysWithoutAGap has what a member did and what was done to them take turns, some of it by
// themselves.
func TestAuditOfAMemberIsPagedBothWaysWithoutAGap(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Reader)
	s.exec(address, `INSERT INTO audit (at, member_id, kind, object, object_id)
		SELECT '2026-03-05 12:00+00'::timestamptz + n / 3 * interval '1 second', CASE n % 4 WHEN 0 THEN 1 WHEN 1 THEN NULL ELSE 2 END,
		       'member-enabled', 'member', CASE WHEN n % 2 = 0 THEN 1 ELSE 2 END
		FROM generate_series(1, 320) n`)
	read := func(path, link string) (times []string, pages int) {
		for ; path != ""; pages++ {
			page := s.get(path).wantStatus(http.StatusOK)
			part := []string{}
			for _, row := range page.Find("tbody tr").EachIter() {
				part = append(part, strings.Join(strings.Fields(row.Text()), " "))
			}
			if link == "prev" {
				times = append(part, times...)
			} else {
				times = append(times, part...)
			}
			next := page.attr("[rel="+link+"]", "href")
			if next == "" && link == "next" {
				return times, pages + 1
			}
			path = next
		}
		return times, pages
	}
	const first = "/staff/audit?member=2&kind=member-enabled"
	forth, pages := read(first, "next")
	if len(forth) != 240 || pages != 3 {
		t.Fatalf("%d entries on %d pages", len(forth), pages)
	}
	last := s.get(s.get(first).attr("[rel=next]", "href")).attr("[rel=next]", "href")
	if back, pages := read(last, "prev"); !slices.Equal(back, forth) || pages != 3 {
		t.Errorf("backwards %d entries on %d pages are others", len(back), pages)
	}
}

func TestChangesOfARoleFromBeforeAreStillShownAndFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.exec(address, `INSERT INTO audit (member_id, kind, object, object_id) VALUES (1, 'member-role-changed', 'member', 1)`)
	page := s.get("/staff/audit?kind=member-role-changed").wantStatus(http.StatusOK)
	page.wantLine("Sample Member", "Changed the role (not recorded) of", "Sample Member")
	page.wantCount("#kind option[value^=member-made-]", 3)
}

func TestAuditSaysAllThatAResetFromTheCommandLineDoes(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.addMember("other@example.org", staff.Reader)
	if err := s.db.ResetPassword(t.Context(), 2, "another hash"); err != nil {
		t.Fatal(err)
	}
	s.get("/staff/audit?kind=member-reset").wantLine("The command line", "Reset the password and two-step sign-in of",
		"Sample Member")
}

func TestExportOfTheAuditNamesToWhomItWasDone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.another().post("/staff/sign-in", url.Values{"email": {"member@example.org"}, "password": {"guess"}})
	rows := s.table("/staff/audit.csv")
	if len(rows) != 5 {
		t.Fatalf("%d rows", len(rows))
	}
	name := slices.Index(rows[0], "object_name")
	if name < 0 || rows[1][name] != "" || rows[2][4] != "sign-in-failed" || rows[2][name] != "Sample Member" {
		t.Errorf("the rows are %q", rows)
	}
}
