package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// wantListed checks the references of the leads in a list, top to bottom.
func (s *site) wantListed(query string, want ...string) {
	s.t.Helper()
	got := s.get("/staff/leads"+query).wantStatus(http.StatusOK).attrs("tbody th a", "href")
	for i, link := range got {
		got[i], _, _ = strings.Cut(strings.TrimPrefix(link, "/staff/leads/"), "?")
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("/staff/leads%s lists %v, want %v", query, got, want)
	}
}

// askMany sends so many requests: project 1, project 2 and so on.
func (s *site) askMany(n int) {
	s.t.Helper()
	for i := range n {
		s.ask(fmt.Sprintf("project %d", i+1))
	}
}

// hoursOld has the lead arrive so many hours ago.
func (s *site) hoursOld(reference string, hours int) {
	s.t.Helper()
	s.sql(fmt.Sprintf(`UPDATE leads SET received_at = received_at - interval '%d hours', due_at = due_at - interval '%[1]d hours'
		WHERE reference = '%s'`, hours, reference))
}

// TestLeadWithoutADeadlineShowsNoDate looks at a lead that was promised no time. The form always promises one, so the test takes
// it away.
func TestLeadWithoutADeadlineShowsNoDate(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	receipt := s.ask("no time was promised")
	s.ask("a time was promised")
	s.sql(`ALTER TABLE leads DROP CONSTRAINT leads_check`)
	s.sql(`UPDATE leads SET due_at = '0001-01-01 00:00:00Z' WHERE reference = 'TB-0001'`)

	for _, tab := range []string{"/staff/leads", "/staff/leads?sort=newest", "/staff/leads/TB-0001", receipt} {
		s.get(tab).wantNoText("main", "Jan 0001", " late", "by no deadline").
			wantCount(`main time[datetime^="0001"]`, 0)
	}
	s.get("/staff/leads").wantText("tbody tr.group:nth-child(1)", "No deadline").
		wantText("tbody tr:nth-child(2) .due", "no deadline").wantText("tbody tr.group:nth-child(3)", "Due tomorrow")
	s.get("/staff/leads/TB-0001").wantText(".strip", "no deadline")
	s.get(receipt).wantText(".say", "We will reply as soon as possible.").wantNoText(".steps", "Reply due")

	s.mustAct("TB-0001", "/status", "to", "contacted")
	s.get("/staff/leads/TB-0001").wantText(".strip", "answered").wantNoText(".strip", "answered late", "answered in time")
}

func TestListOpensOnWhomToAnswerFirstAndItsTabsHoldTheRest(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.askMany(5)
	s.ask("trapped", "stamp", "forged")
	s.hoursOld("TB-0003", 30)
	s.mustAct("TB-0002", "/status", "to", "contacted")
	s.mustAct("TB-0004", "/status", "to", "lost", "answered", "no")
	s.mustAct("TB-0005", "/assignee", "assignee", "1")

	s.wantListed("", "TB-0003", "TB-0001", "TB-0005")
	s.wantListed("?tab=mine", "TB-0005")
	s.wantListed("?tab=talks", "TB-0002")
	s.wantListed("?tab=closed", "TB-0004")
	s.wantListed("?tab=suspects", "TB-0006")
	s.wantListed("?tab=all&sort=oldest", "TB-0003", "TB-0001", "TB-0002", "TB-0004", "TB-0005", "TB-0006")
	s.wantListed("?tab=all&overdue=yes", "TB-0003")
	s.wantListed("?tab=all&status=lost", "TB-0004")
	s.wantListed("?tab=all&assignee=nobody&status=contacted", "TB-0002")
	page := s.get("/staff/leads")
	page.wantText("tr.group:contains('Overdue') + tr", "TB-0003", "6 h 00 min late")
	page.wantText(".tabs [aria-current=page]", "Needs an answer 3")
	page.wantText(".strip .late-by", "1")
}

func TestListIsSearchedByWordsBeginningsAndAddresses(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("Ordering violins for a library")
	s.ask("A shop for cellos", "email", "someone.else@strings.example", "company", "Müller & Söhne")
	for query, found := range map[string]string{
		"violins": "TB-0001", "viol+LIBR": "TB-0001", "strings.example": "TB-0002", "m%C3%BCller": "TB-0002",
	} {
		s.wantListed("?q="+query, found)
	}
	s.wantListed("?q=violins+cellos")
	s.get("/staff/leads?q=nothing-like-it").wantText("main", "No leads match")
}

func TestNamesInAllScriptsAreFound(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	names := []struct {
		name, project string
		find          []string
	}{
		{"Rene\u0301e Dupre\u0301", "a", []string{"Ren\u00e9e", "Rene\u0301e", "RENEE dupre"}},
		{"हिन्दी उपयोगकर्ता", "b", []string{"हिन्दी", "उपयोगकर्ता"}},
		{"王小明", "项目需要一个预约系统", []string{"小明", "王小明", "王", "明", "预约系统"}},
		{"김철수", "c", []string{"철수"}},
		{"山田タロウ", "d", []string{"タロウ", "ﾀﾛｳ", "田"}},
		{"Łukasz Żak", "e", []string{"Lukasz", "zak"}},
		{"Straße Groß", "f", []string{"Strasse", "GROSS"}},
		{"Ρένα Παπαδάκη", "g", []string{"Παπαδακη", "ΠΑΠΑΔΑΚΗ"}},
		{"ФЁДОР", "h", []string{"Федор", "фёдор"}},
		{"مُحَمَّد عليّ", "i", []string{"محمد", "علي"}},
		{"ภาษาไทย", "j", []string{"ไทย"}},
		{"Ann\u200ba ＢＯＢ", "k", []string{"anna", "bob", "ａｎｎａ"}},
	}
	for i, n := range names {
		s.ask(fmt.Sprintf("%s %s", n.project, strings.Repeat("x", i+20)), "name", n.name)
	}
	for i, n := range names {
		for _, word := range n.find {
			s.wantListed("?q="+url.QueryEscape(word), fmt.Sprintf("TB-%04d", i+1))
		}
	}
}

func TestSearchOfLeadsReadsNotesAndRepliesInAllTabs(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	receipt := s.ask("Ordering violins for a library")
	s.ask("A shop for cellos")
	s.mustPost(receipt+"/notes", "note", "We also sell trumpets")
	s.mustAct("TB-0001", "/team-notes", "note", "Ask the partners about flutes")
	s.mustAct("TB-0001", "/reply", "reply", "We know **harpsichords** well")
	s.mustAct("TB-0001", "/status", "to", "lost")

	for _, word := range []string{"trumpets", "partners", "HARPSICHORD", "violins+flutes"} {
		s.wantListed("?from=needs-answer&q="+word, "TB-0001")
	}
	s.wantListed("?tab=needs-answer&q=partners")
	all := s.get("/staff/leads?tab=needs-answer&q=partners").attr(".empty a", "href")
	s.wantListed(strings.TrimPrefix(all, "/staff/leads"), "TB-0001")
	s.wantListed("?from=closed&q=", "TB-0001")

	for typed, reference := range map[string]string{"TB-0001": "TB-0001", "tb 2": "TB-0002", "ＴＢ－２": "TB-0002"} {
		s.get("/staff/leads?q=" + url.QueryEscape(typed)).wantStatus(http.StatusSeeOther).
			wantLocation("/staff/leads/" + reference)
	}
	s.wantListed("?q=TB-0099")
	if csv := s.body("/staff/leads.csv?q=tb+2"); !strings.Contains(csv, "TB-0002") || strings.Contains(csv, "TB-0001") {
		t.Errorf("the file of TB-0002 is %s", csv)
	}

	s.mustPost("/staff/leads/TB-0001/erasure")
	for _, word := range []string{"trumpets", "partners", "harpsichord", "violins"} {
		s.wantListed("?q=" + word)
	}
}

func TestSearchWithoutLettersOrDigitsSaysSo(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.ask("Ordering violins for a library")
	for _, typed := range []string{"🦊", "!!!"} {
		q := url.QueryEscape(typed)
		s.wantListed("?q=" + q)
		s.get("/staff/leads?q="+q).wantText(".empty", "We cannot search for “"+typed+"”. Type letters or digits.")
		if csv := s.body("/staff/leads.csv?q=" + q); strings.Contains(csv, "TB-0001") {
			t.Errorf("the file for %s has every lead", typed)
		}
	}
	s.wantListed("?q=+", "TB-0001")
}

func TestListIsPagedByKeysThereAndBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.ask("the first")
	s.sql(`
		INSERT INTO leads (token, keyless, body_digest, guide_title, option, option_name, due_at)
		SELECT 'sample-' || n, false, '', '', 'undecided', '', clock() + interval '24 hours' FROM generate_series(1, 119) n`)
	s.sql(`INSERT INTO lead_history (lead_id, kind, status) SELECT id, 'received', 'new' FROM leads WHERE id > 1`)
	s.wantPaged("/staff/leads?tab=all", 50, 50, 20)
	rows := slices.Concat(s.pages("/staff/leads?tab=all", "next")...)
	if slices.Sort(rows); len(slices.Compact(rows)) != 120 {
		t.Errorf("a lead is listed twice: %q", rows)
	}
}

func TestSeveralLeadsAreChangedAtOnceAndPutBack(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.askMany(3)
	ticked := func(pairs ...string) answer { return s.bulk(fields(pairs...), "TB-0001", "TB-0002", "TB-0003") }

	done := ticked("do", "assign", "assignee", "1").wantText("[role=status]", "3 leads assigned.")
	s.wantListed("?tab=mine", "TB-0001", "TB-0002", "TB-0003")
	s.undo(done)
	s.wantListed("?tab=mine")

	done = ticked("do", "move", "status", "lost", "answered", "yes")
	s.wantListed("?tab=closed&sort=oldest", "TB-0001", "TB-0002", "TB-0003")
	s.mustAct("TB-0002", "/status", "to", "contacted")
	s.undo(done)
	s.wantListed("", "TB-0001", "TB-0003") // the clock runs again; the second went on meanwhile
	if l := s.leads()[2]; l.AnsweredAt != nil || l.Place != "held" {
		t.Errorf("the first was answered at %v and has %s", l.AnsweredAt, l.Place)
	}
	s.get("/staff/leads/TB-0001").wantText(".thread", "Sample Member moved it back to New")

	done = ticked("do", "spam")
	s.wantListed("?tab=suspects&sort=oldest", "TB-0001", "TB-0002", "TB-0003")
	s.undo(done)
	s.wantListed("?tab=suspects")
	other := s.withMember("second@example.org", staff.Editor)
	other.post(done.attr(".notice", "action"), nil).wantStatus(http.StatusNotFound) // another member's
}

func TestBulkChangeWithoutLeadsSaysThatNothingIsTicked(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.bulk(fields("do", "assign", "assignee", "0")).wantText("[role=status]", "Nothing was changed. Select the leads first").
		wantText(".tabs [aria-current=page]", "All")
}

func TestBulkChangeLeavesLeadsThatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("one")
	page := s.get("/staff/leads")
	s.mustAct("TB-0001", "/status", "to", "contacted")
	form := fields("do", "move", "status", "lost", "lead", page.value("[name=lead]"))
	page = s.follow(s.post("/staff/leads/changes", form)).wantText("[role=status]", "Nothing was changed. ")
	page.wantText("[role=status] li", "TB-0001 is Contacted. Last step: Sample Member moved it to Contacted")
	s.wantListed("?tab=talks", "TB-0001")
}

func TestViewIsSavedWithoutTheWordsThatMayNameAPerson(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.mustPost("/staff/leads/views", "name", "Django, closed", "query", "tab=closed&guide=django-vs-fastapi&q=Somebody")
	list, err := s.db.LeadListPage(t.Context(), postgres.LeadListQuery{
		Filter: lead.Filter{Tab: lead.All}, Member: 1, Zone: time.UTC,
	})
	noError(t, err)
	want := []lead.SavedView{{ID: 1, Name: "Django, closed", Query: "guide=django-vs-fastapi&tab=closed"}}
	if !slices.Equal(list.Views, want) {
		t.Errorf("the views are %+v, want %+v", list.Views, want)
	}
	page := s.get("/staff/leads")
	page.wantText(".views", "Django, closed")
	s.get(page.attr(".views form a", "href")).wantText(".tabs [aria-current=page]", "Closed")
	s.mustPost("/staff/leads/views/1/removal")
	s.get("/staff/leads").wantCount(".views form a", 0)
	s.post("/staff/leads/views", fields("name", " ")).wantStatus(http.StatusUnprocessableEntity)
}

func TestListIsExportedWholeWithItsFilterForAdmins(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.as(staff.Editor).get("/staff/leads").wantCount("a[href^='/staff/leads.csv']", 0)
	long := strings.Repeat("Long. ", 200)
	s.ask(long, "name", "=1+2", "company", "\"Quoted\", and\nbroken")
	s.ask("another")
	rows := s.table(s.get("/staff/leads?q=long").attr("a[href^='/staff/leads.csv']", "href"))
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for name, want := range map[string]string{
		"reference": "TB-0001", "name": "’=1+2", "company": "\"Quoted\", and broken", "project": strings.TrimSpace(long),
		"status": "new", "place": "held", "guide": "django-vs-fastapi",
	} {
		if got := strings.TrimSpace(rows[1][slices.Index(rows[0], name)]); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	var lines []lead.Line
	s.json("/staff/leads.json?tab=all&sort=oldest", &lines)
	if len(lines) != 2 || lines[0].Reference != "TB-0001" {
		t.Errorf("as JSON %+v", lines)
	}
}

func TestNamesThatLookTheSameAreOneView(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	for _, name := range []string{"Café", "Cafe\u0301", "Caf\u200bé"} {
		s.mustPost("/staff/leads/views", "name", name, "query", "tab=closed")
	}
	s.get("/staff/leads").wantCount("a[href='/staff/leads?tab=closed'] bdi", 1)
	s.mustPost("/staff/templates", "name", "Café", "text", "Hello")
	s.post("/staff/templates", fields("name", "Cafe\u0301\u200b", "text", "Hello")).wantStatus(http.StatusUnprocessableEntity)
}

func TestListMarksLeadsWhoseEmailsBounce(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("A sample project")
	s.get("/staff/leads").wantNoText(".leads", "bounced")
	s.outcome(lead.ConfirmationMail, lead.Failed, lead.UnknownAddress)
	s.get("/staff/leads").wantText(".leads .state", "bounced")
	s.mustAct("TB-0001", "/email", "email", "right@example.org")
	s.get("/staff/leads").wantNoText(".leads", "bounced")
}

func TestLeadSaysNearTheTopWhatMayBeTheSameRequest(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Editor)
	s.ask("the first")
	s.get("/staff/leads/TB-0001").wantCount("#others", 0)
	s.ask("the second")
	s.get("/staff/leads/TB-0001").
		wantText("#others", "Same sender or same text: TB-0002", "has its own place or waitlist number").
		wantCount("#others + .pair, #others ~ .pair", 1)
}
