package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// leaves is what each change by a member leaves in the audit, newest first; "" is for what only they have: drafts and views.
var leaves = map[string]struct {
	form url.Values
	want string
}{
	"/staff/leads/views":                  {url.Values{"name": {"Mine"}, "query": {"tab=mine"}}, ""},
	"/staff/leads/views/{id}/removal":     {nil, ""},
	"/staff/leads/{reference}/draft":      {url.Values{"reply": {"Begun"}}, ""},
	"/staff/leads/{reference}/reply":      {url.Values{"reply": {"Hello"}}, "lead-replied lead 1"},
	"/staff/leads/{reference}/team-notes": {url.Values{"note": {"A word"}}, "lead-team-note lead 1"},
	"/staff/leads/{reference}/assignee":   {url.Values{"assignee": {"1"}}, "lead-assigned lead 1"},
	"/staff/leads/{reference}/status":     {url.Values{"to": {"qualified"}}, "lead-moved lead 1"},
	"/staff/leads/changes": {
		url.Values{"do": {"assign"}, "assignee": {"1"}},
		"leads-changed batch 1, lead-assigned lead 1",
	},
	"/staff/leads/changes/{batch}/undo":  {nil, "leads-put-back batch 1, lead-assigned lead 1"},
	"/staff/leads/{reference}/suspicion": {url.Values{"verdict": {"spam"}}, "lead-suspected lead 1"},
	"/staff/leads/{reference}/erasure":   {nil, "lead-erased lead 1"},
	"/staff/templates": {
		url.Values{"name": {"Hello"}, "text": {"Hello {name}"}},
		"template-saved template 1",
	},
	"/staff/templates/{id}/removal":          {nil, "template-deleted template 1"},
	"/staff/leads/{reference}/email":         {url.Values{"email": {"right@example.org"}}, "lead-email-corrected lead 1"},
	"/staff/deliveries/attempts":             {nil, ""}, // nothing has failed
	"/staff/deliveries/{id}/attempt":         {nil, "delivery-tried delivery 1"},
	"/staff/deliveries/{id}/acknowledgement": {nil, ""}, // as above
	"/staff/account/signature":               {url.Values{"signature": {"Yours"}}, "signature-changed"},
	"/staff/promise":                         {nil, "promise-changed"},
	"/staff/sign-out":                        {nil, "sign-out"},
	"/staff/account/password": {url.Values{
		"current":  {"a sample password"},
		"password": {"another sample password"},
	}, "password-changed"},
	"/staff/team/invitations": {
		url.Values{"email": {"new@example.org"}, "role": {"reader"}},
		"invitation-sent invitation 1",
	},

	// after the change of it
	"/staff/account/proof":                      {url.Values{"password": {"another sample password"}}, "proof"},
	"/staff/account/authenticator":              {nil, ""},
	"/staff/account/authenticator/confirmation": {nil, "authenticator-added"},
	"/staff/account/authenticator/removal":      {nil, "authenticator-removed"},
	"/staff/account/recovery-codes":             {nil, "recovery-codes-renewed"},
	"/staff/team/second-factor":                 {url.Values{"required": {"yes"}}, "second-factor-required"},

	"/staff/team/invitations/{id}/withdrawal": {nil, "invitation-withdrawn invitation 1"},
}

// elsewhere are routes of other tests: those that would end the session of whoever asks, for their number 1, or that take a
// session of another browser, and passkeys, which take a browser.
var elsewhere = []string{
	"/staff/team/{id}/role", "/staff/team/{id}/state", "/staff/account/sessions/{id}/removal", "/staff/account/sessions/removal",
	"/staff/account/passkeys", "/staff/account/passkeys/{id}/removal", "/staff/team/{id}/second-factor/removal",
}

func TestChangesOfTheTeamLeaveTheirEntries(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.addMember("second@example.org", staff.Reader)
	for _, change := range []struct {
		path string
		form url.Values
		want string
	}{
		{"/staff/team/2/role", url.Values{"role": {"editor"}}, "member-made-editor member 2"},
		{"/staff/team/2/state", url.Values{"state": {"disabled"}}, "member-disabled member 2"},
		{"/staff/team/2/state", url.Values{"state": {"active"}}, "member-enabled member 2"},
	} {
		s.post(change.path, change.form).wantStatus(http.StatusSeeOther)
		if got := s.audited()[0]; got != change.want {
			t.Errorf("%s left %q, want %q", change.path, got, change.want)
		}
	}
	s.get("/staff/audit").wantText("tbody", "Disabled")
	s.get("/staff/audit?kind=member-made-editor").wantLine("Sample Member", "Made an editor of", "Sample Member")
}

func TestEachChangeByAMemberLeavesItsEntry(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.eachChange(func(pattern, want string, post func() answer) {
		before := s.audited()
		post()
		after := s.audited()
		if got := strings.Join(after[:len(after)-len(before)], ", "); got != want {
			t.Errorf("%s left %q, want %q", pattern, got, want)
		}
	})
}

// eachChange signs an admin in and visits each route by which a member changes something, but those of elsewhere: post makes the
// change, and want is what it leaves in the audit.
func (s *site) eachChange(visit func(pattern, want string, post func() answer)) {
	s.t.Helper()
	s.signIn(staff.Admin)
	s.ask("A sample project", nil)
	fill := map[string]string{"{reference}": "TB-0001", "{batch}": "1", "{id}": "1"}
	order := []string{
		"/proof", "/authenticator", "/confirmation", "/recovery-codes", "/changes", "/undo", "/reply", "/status",
		"/suspicion", "/templates", "/removal", "/erasure", "/second-factor", "/sign-out",
	}
	routes := slices.DeleteFunc(s.everyRoute(s.places()), func(one asked) bool {
		return slices.Contains(elsewhere, one.pattern) || one.method != http.MethodPost ||
			!strings.HasPrefix(one.pattern, "/staff/") || one.audience == "stranger" || one.audience == "pending"
	})
	place := func(one asked) int {
		return slices.IndexFunc(order, func(end string) bool { return strings.HasSuffix(one.pattern, end) })
	}
	slices.SortStableFunc(routes, func(a, b asked) int { return place(a) - place(b) })
	for _, one := range routes {
		expected, known := leaves[one.pattern]
		if !known {
			s.t.Errorf("the test does not know what %s leaves", one.pattern)
			continue
		}
		path := one.pattern
		for name, value := range fill {
			path = strings.ReplaceAll(path, name, value)
		}
		form := s.filledIn(one.pattern, expected.form)
		visit(one.pattern, expected.want, func() answer { return s.post(path, form) })
	}
}

// filledIn is a form with what the page had in it.
func (s *site) filledIn(pattern string, form url.Values) url.Values {
	s.t.Helper()
	filled := url.Values{}
	for name, values := range form {
		filled[name] = values
	}
	switch {
	case strings.HasSuffix(pattern, "/changes"):
		filled["lead"] = []string{s.get("/staff/leads?tab=all&sort=oldest").attr("[name=lead]", "value")}
	case strings.Contains(pattern, "{reference}"):
		filled.Set("seen", s.get("/staff/leads/TB-0001").attr("[name=seen]", "value"))
	case strings.HasSuffix(pattern, "/confirmation"):
		filled.Set("code", s.shownApp().code(0))
	case pattern == "/staff/promise":
		for _, field := range s.get("/staff/promise").Find("form[action='/staff/promise'] input").EachIter() {
			filled.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
		}
		filled.Set("places", "9")
		filled.Del("unlimited")
		filled.Del("saw_unlimited")
	}
	return filled
}

// audited is what the audit holds, as the command line would read it: kind, object and its number, newest first.
func (s *site) audited() (lines []string) {
	s.t.Helper()
	err := s.db.EachEntry(s.t.Context(), staff.AuditFilter{}, func(e staff.Entry) error {
		line := string(e.Kind)
		if e.ObjectID != 0 {
			line += fmt.Sprintf(" %s %d", e.Object, e.ObjectID)
		}
		lines = append(lines, line)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return lines
}

// wantLines counts the lines of the kind in the audit.
func (s *site) wantLines(kind staff.ActKind, want int) {
	s.t.Helper()
	got := 0
	err := s.db.EachEntry(s.t.Context(), staff.AuditFilter{Kind: kind}, func(staff.Entry) error { got++; return nil })
	if err != nil || got != want {
		s.t.Errorf("%d lines of %s, want %d (%v)", got, kind, want, err)
	}
}

func TestSignInsFailuresViewsAndExportsAreAudited(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("member@example.org", staff.Reader)
	for _, email := range []string{"member@example.org", "nobody@example.org"} {
		s.post("/staff/sign-in", url.Values{"email": {email}, "password": {"wrong"}}).wantStatus(http.StatusUnprocessableEntity)
	}
	s.post("/staff/sign-in", url.Values{
		"email":    {"member@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	s.ask("A sample project", nil)
	s.get("/staff/leads").wantStatus(http.StatusOK)
	s.get("/staff/leads/TB-0001").wantStatus(http.StatusOK)
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusNotFound)
	s.post("/staff/sign-out", nil).wantStatus(http.StatusSeeOther)
	s.do(s.by(staff.Admin, s.request(http.MethodGet, "/staff/leads.csv", ""))).wantStatus(http.StatusOK)
	want := []string{
		"leads-exported", "sign-in", "member-joined member 2", "sign-out", "lead-viewed lead 1", "leads-listed",
		"sign-in", "sign-in-failed", "sign-in-failed member 1", "member-joined member 1",
	}
	if got := s.audited(); !slices.Equal(got, want) {
		t.Errorf("the audit holds %v, want %v", got, want)
	}
	page := s.do(s.by(staff.Admin, s.request(http.MethodGet, "/staff/audit?kind=sign-in-failed", "")))
	page.wantText("main", "Failed sign-ins in the last 24 hours: 2")
	page.wantText("tbody tr:last-child th", "Someone")
	page.wantText("tbody tr:last-child td:last-child", "as Sample Member")
}

func TestNothingIsShownThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.ask("A secret project", nil)
	s.exec(address, `ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (kind IN ('sign-in')) NOT VALID`)
	for _, path := range []string{
		"/staff/leads", "/staff/leads?q=secret", "/staff/leads/TB-0001", "/staff/leads/TB-0001/guide",
		"/staff/leads.csv", "/staff/leads.json", "/staff/audit.csv",
	} {
		page := s.get(path).wantStatus(http.StatusServiceUnavailable)
		if strings.Contains(page.Text(), "secret") || page.header.Get("Retry-After") == "" {
			t.Errorf("%s reads %q", path, page.text("main"))
		}
	}
	s.post("/staff/leads/TB-0001/team-notes", url.Values{"note": {" "}}).wantStatus(http.StatusServiceUnavailable)
	s.act("TB-0001", "/status", url.Values{"to": {"contacted"}})
	if l := s.leads()[0]; l.Status != "new" {
		t.Errorf("a lead was %s without an entry", l.Status)
	}
	s.ask("Another project", nil)
}

func TestAuditIsNeverChanged(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	for _, sql := range []string{`UPDATE audit SET member_id = NULL`, `DELETE FROM audit`, `TRUNCATE audit`} {
		if err := pgtest.Exec(t, address, sql); err == nil || !strings.Contains(err.Error(), "audit is append-only") {
			t.Errorf("%s: %v", sql, err)
		}
	}
}

func TestAuditIsFilteredPagedAndExported(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.ask("A sample project", nil)
	s.ask("Another project", nil)
	s.exec(address, `INSERT INTO audit (at, member_id, kind) SELECT '2026-03-05 23:30+00'::timestamptz + n * interval '1 second', 1, 'sign-out' FROM generate_series(1, 249) n`)
	s.get("/staff/leads/TB-0002").wantStatus(http.StatusOK)
	for query, want := range map[string]int{
		"?reference=tb-0002": 1, "?reference=TB-0001": 0, "?kind=lead-viewed&member=1": 1, "?kind=lead-viewed&member=2": 0,
		"?from=2026-03-05&to=2026-03-05": 100, "?to=2026-03-04": 0, "?from=2026-03-06&to=2026-03-06": 0,
		"?member=&kind=sign-out": 100,
	} {
		s.get("/staff/audit"+query).wantStatus(http.StatusOK).wantCount("tbody tr", want)
	}
	var sizes []int
	for path := "/staff/audit?kind=sign-out"; path != ""; {
		page := s.get(path).wantStatus(http.StatusOK)
		sizes = append(sizes, page.Find("tbody tr").Length())
		if path = page.attr("[rel=next]", "href"); path == "" {
			s.get(page.attr("[rel=prev]", "href")).wantCount("tbody tr", 100)
		}
	}
	if !slices.Equal(sizes, []int{100, 100, 49}) {
		t.Errorf("pages of %v", sizes)
	}
	rows := s.table(s.get("/staff/audit?kind=sign-out").attr("a[href^='/staff/audit.csv']", "href"))
	if len(rows) != 250 || rows[1][1] != "2026-03-05T23:34:09Z" {
		t.Errorf("%d rows", len(rows))
	}
	s.get("/staff/audit?from=soon").wantStatus(http.StatusUnprocessableEntity).wantText("#from-wrong", "Enter a date")
	s.get("/staff/audit?kind=nonsense").wantStatus(http.StatusNotFound)
	s.get("/staff/audit?after=999999").wantStatus(http.StatusNotFound)
}
