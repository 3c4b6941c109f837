package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// ask sends a request that differs from others in its words.
func (s *site) ask(words string, changes url.Values) (receipt string) {
	s.t.Helper()
	form := request(url.Values{"project": {words}})
	for name, values := range changes {
		form[name] = values
	}
	return s.post("/intake", form).wantStatus(http.StatusSeeOther).header.Get("Location")
}

// listed are the references of the leads in a list, top to bottom.
func (s *site) listed(query string) []string {
	s.t.Helper()
	var references []string
	page := s.get("/staff/leads" + query).wantStatus(http.StatusOK)
	for _, row := range page.Find("tbody th a").EachIter() {
		reference := strings.TrimPrefix(row.AttrOr("href", ""), "/staff/leads/")
		references = append(references, reference)
	}
	return references
}

func (s *site) wantListed(query string, want ...string) {
	s.t.Helper()
	if got := s.listed(query); !slices.Equal(got, want) {
		s.t.Errorf("/staff/leads%s lists %v, want %v", query, got, want)
	}
}

func TestListOpensOnWhomToAnswerFirstAndItsTabsHoldTheRest(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	for i := range 5 {
		s.ask(fmt.Sprintf("project %d", i+1), nil)
	}
	s.ask("trapped", url.Values{"stamp": {"forged"}})
	s.exec(address, `UPDATE leads SET received_at = received_at - interval '30 hours', due_at = due_at - interval '30 hours' WHERE reference = 'TB-0003'`)
	s.act("TB-0002", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0004", "/status", url.Values{"to": {"lost"}, "answered": {"no"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0005", "/assignee", url.Values{"assignee": {"1"}}).wantStatus(http.StatusSeeOther)

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
	page.wantText(".group:first-child", "Overdue")
	page.wantText("tbody tr:nth-child(2)", "6 h 00 min late")
	page.wantText(".tabs [aria-current=page]", "Needs an answer 3")
	page.wantText(".strip .late-by", "1")
	s.get("/staff/leads?tab=nonsense").wantStatus(http.StatusNotFound)
}

func TestListIsSearchedByWordsBeginningsAndAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.ask("Ordering violins for a library", nil)
	s.ask("A shop for cellos", url.Values{"email": {"someone.else@strings.example"}, "company": {"Müller & Söhne"}})
	s.wantListed("?q=violins", "TB-0001")
	s.wantListed("?q=viol+LIBR", "TB-0001")
	s.wantListed("?q=strings.example", "TB-0002")
	s.wantListed("?q=m%C3%BCller", "TB-0002")
	s.wantListed("?q=violins+cellos")
	s.get("/staff/leads?q=nothing-like-it").wantText("main", "No leads match")
}

func TestNamesInAllScriptsAreFound(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
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
		s.ask(fmt.Sprintf("%s %s", n.project, strings.Repeat("x", i+20)), url.Values{"name": {n.name}})
	}
	for i, n := range names {
		for _, word := range n.find {
			s.wantListed("?q="+url.QueryEscape(word), fmt.Sprintf("TB-%04d", i+1))
		}
	}
}

func TestSearchOfLeadsReadsNotesAndRepliesInAllTabs(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	receipt := s.ask("Ordering violins for a library", nil)
	s.ask("A shop for cellos", nil)
	s.post(receipt+"/notes", url.Values{"note": {"We also sell trumpets"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/team-notes", url.Values{"note": {"Ask the partners about flutes"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/reply", url.Values{"reply": {"We know **harpsichords** well"}}).wantStatus(http.StatusSeeOther)
	s.act("TB-0001", "/status", url.Values{"to": {"lost"}}).wantStatus(http.StatusSeeOther)

	for _, word := range []string{"trumpets", "partners", "HARPSICHORD", "violins+flutes"} {
		s.wantListed("?from=needs-answer&q="+word, "TB-0001")
	}
	s.wantListed("?tab=needs-answer&q=partners")
	all := s.get("/staff/leads?tab=needs-answer&q=partners").attr(".empty a", "href")
	if query, ok := strings.CutPrefix(all, "/staff/leads"); ok {
		s.wantListed(query, "TB-0001")
	} else {
		t.Errorf("the empty list leads to %q", all)
	}
	s.wantListed("?from=closed&q=", "TB-0001")

	for typed, reference := range map[string]string{"TB-0001": "TB-0001", "tb 2": "TB-0002", "ＴＢ－２": "TB-0002"} {
		found := s.get("/staff/leads?q=" + url.QueryEscape(typed)).wantStatus(http.StatusSeeOther)
		if to := found.header.Get("Location"); to != "/staff/leads/"+reference {
			t.Errorf("%s leads to %s", typed, to)
		}
	}
	s.wantListed("?q=TB-0099")
	if csv := s.body("/staff/leads.csv?q=tb+2"); !strings.Contains(csv, "TB-0002") || strings.Contains(csv, "TB-0001") {
		t.Errorf("the file of TB-0002 is %s", csv)
	}

	s.post("/staff/leads/TB-0001/erasure", nil).wantStatus(http.StatusSeeOther)
	for _, word := range []string{"trumpets", "partners", "harpsichord", "violins"} {
		s.wantListed("?q=" + word)
	}
}

func TestSearchWithoutLettersOrDigitsSaysSo(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	s.ask("Ordering violins for a library", nil)
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
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Reader)
	s.ask("the first", nil)
	s.exec(address, `
		INSERT INTO leads (token, keyless, body_digest, guide_title, option, option_name, due_at)
		SELECT 'sample-' || n, false, '', '', 'undecided', '', clock() + interval '24 hours' FROM generate_series(1, 119) n`)
	s.exec(address, `INSERT INTO lead_history (lead_id, kind, status) SELECT id, 'received', 'new' FROM leads WHERE id > 1`)
	var seen []string
	var pages []string
	for path := "/staff/leads?tab=all"; path != ""; {
		page := s.get(path).wantStatus(http.StatusOK)
		pages = append(pages, page.text("tbody"))
		for _, row := range page.Find("tbody th a").EachIter() {
			seen = append(seen, row.AttrOr("href", ""))
		}
		if path = page.attr("[rel=next]", "href"); path == "" {
			path = page.attr("[rel=prev]", "href")
			for i := len(pages) - 2; i >= 0; i-- {
				page = s.get(path)
				if page.text("tbody") != pages[i] {
					t.Errorf("page %d reads otherwise on the way back", i+1)
				}
				path = page.attr("[rel=prev]", "href")
			}
			break
		}
	}
	if len(pages) != 3 || len(seen) != 120 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 120 {
		t.Errorf("%d pages show %d leads", len(pages), len(seen))
	}
}

func TestSeveralLeadsAreChangedAtOnceAndPutBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	for i := range 3 {
		s.ask(fmt.Sprintf("project %d", i+1), nil)
	}
	ticked := func(do string, more url.Values) answer {
		page := s.get("/staff/leads?tab=all&sort=oldest")
		form := url.Values{"do": {do}, "back": {"/staff/leads?tab=all&sort=oldest"}}
		for _, box := range page.Find("[name=lead]").EachIter() {
			form.Add("lead", box.AttrOr("value", ""))
		}
		for name, values := range more {
			form[name] = values
		}
		return s.get(s.post("/staff/leads/changes", form).wantStatus(http.StatusSeeOther).header.Get("Location"))
	}
	undo := func(page answer) {
		t.Helper()
		s.post(page.attr(".notice", "action"), url.Values{"back": {"/staff/leads"}}).wantStatus(http.StatusSeeOther)
	}
	done := ticked("assign", url.Values{"assignee": {"1"}})
	done.wantText("[role=status]", "3 leads assigned.")
	s.wantListed("?tab=mine", "TB-0001", "TB-0002", "TB-0003")
	undo(done)
	s.wantListed("?tab=mine")

	done = ticked("move", url.Values{"status": {"lost"}, "answered": {"yes"}})
	s.wantListed("?tab=closed&sort=oldest", "TB-0001", "TB-0002", "TB-0003")
	s.act("TB-0002", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	undo(done)
	s.wantListed("", "TB-0001", "TB-0003") // the clock runs again; the second went on meanwhile
	if l := s.leads()[2]; l.AnsweredAt != nil || l.Place != "held" {
		t.Errorf("the first was answered at %v and has %s", l.AnsweredAt, l.Place)
	}
	s.get("/staff/leads/TB-0001").wantText(".steps", "Sample Member moved it back to New")

	done = ticked("spam", nil)
	s.wantListed("?tab=suspects&sort=oldest", "TB-0001", "TB-0002", "TB-0003")
	undo(done)
	s.wantListed("?tab=suspects")
	s.addMember("second@example.org", staff.Editor)
	s.post("/staff/sign-in", url.Values{"email": {"second@example.org"}, "password": {"a sample password"}})
	s.post(done.attr(".notice", "action"), nil).wantStatus(http.StatusNotFound) // another member's
}

func TestChangeOfSeveralLeavesWhatWentOnMeanwhile(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Editor)
	s.ask("one", nil)
	page := s.get("/staff/leads")
	s.act("TB-0001", "/status", url.Values{"to": {"contacted"}}).wantStatus(http.StatusSeeOther)
	form := url.Values{"do": {"move"}, "status": {"lost"}, "lead": {page.attr("[name=lead]", "value")}}
	to := s.post("/staff/leads/changes", form).wantStatus(http.StatusSeeOther).header.Get("Location")
	page = s.get(to)
	page.wantText("[role=status]", "Nothing was changed. ")
	page.wantText("[role=status] li", "TB-0001 is Contacted. Last step: Sample Member moved it to Contacted")
	s.wantListed("?tab=talks", "TB-0001")
}

func TestViewIsSavedWithoutTheWordsThatMayNameAPerson(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Reader)
	s.post("/staff/leads/views", url.Values{
		"name":  {"Django, closed"},
		"query": {"tab=closed&guide=django-vs-fastapi&q=Somebody"},
	}).wantStatus(http.StatusSeeOther)
	list, err := s.db.LeadListPage(t.Context(), postgres.LeadListQuery{
		Filter: lead.Filter{Tab: lead.All}, Member: 1, Zone: time.UTC,
	})
	want := []lead.SavedView{{ID: 1, Name: "Django, closed", Query: "guide=django-vs-fastapi&tab=closed"}}
	if err != nil || !slices.Equal(list.Views, want) {
		t.Errorf("views %+v (%v)", list.Views, err)
	}
	page := s.get("/staff/leads")
	page.wantText(".views", "Django, closed")
	s.get(page.attr(".views form a", "href")).wantText(".tabs [aria-current=page]", "Closed")
	s.post("/staff/leads/views/1/removal", nil).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads").wantCount(".views form a", 0)
	s.post("/staff/leads/views", url.Values{"name": {" "}}).wantStatus(http.StatusUnprocessableEntity)
}

func TestListIsExportedWholeWithItsFilterForAdmins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addMember("reader@example.org", staff.Editor)
	s.post("/staff/sign-in", url.Values{
		"email":    {"reader@example.org"},
		"password": {"a sample password"},
	}).wantStatus(http.StatusSeeOther)
	s.get("/staff/leads.csv").wantStatus(http.StatusForbidden)
	s.get("/staff/leads").wantCount("a[href^='/staff/leads.csv']", 0)

	s.signIn(staff.Admin)
	long := strings.Repeat("Long. ", 200)
	s.ask(long, url.Values{"name": {"=1+2"}, "company": {"\"Quoted\", and\nbroken"}})
	s.ask("another", nil)
	link := s.get("/staff/leads?q=long").attr("a[href^='/staff/leads.csv']", "href")
	rows := s.table(link)
	if len(rows) != 2 {
		t.Fatalf("%d rows of %s", len(rows), link)
	}
	cells := map[string]string{}
	for i, name := range rows[0] {
		cells[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"reference": "TB-0001", "name": "’=1+2", "company": "\"Quoted\", and broken", "project": strings.TrimSpace(long),
		"status": "new", "place": "held", "guide": "django-vs-fastapi",
	} {
		if strings.TrimSpace(cells[name]) != want {
			t.Errorf("%s is %q, want %q", name, cells[name], want)
		}
	}
	var lines []lead.Line
	if err := json.Unmarshal([]byte(s.body("/staff/leads.json?tab=all&sort=oldest")), &lines); err != nil || len(lines) != 2 ||
		lines[0].Reference != "TB-0001" {
		t.Errorf("as JSON %+v (%v)", lines, err)
	}
}

func TestNamesThatLookTheSameAreOneView(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.signIn(staff.Admin)
	for _, name := range []string{"Café", "Cafe\u0301", "Caf\u200bé"} {
		s.post("/staff/leads/views", url.Values{"name": {name}, "query": {"tab=closed"}}).wantStatus(http.StatusSeeOther)
	}
	s.get("/staff/leads").wantCount("a[href='/staff/leads?tab=closed'] bdi", 1)
	s.post("/staff/templates", url.Values{"name": {"Café"}, "text": {"Hello"}}).wantStatus(http.StatusSeeOther)
	s.post("/staff/templates", url.Values{
		"name": {"Cafe\u0301\u200b"},
		"text": {"Hello"},
	}).wantStatus(http.StatusUnprocessableEntity)
}
