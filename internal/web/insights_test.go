package web_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/staff"
)

// insightful starts a site at which four leads arrived: one answered in time, one late, one not yet due, and a suspect.
func insightful(t *testing.T) *site {
	t.Helper()
	s := signedIn(t, staff.Reader)
	s.ask("first")
	s.ask("second", "option", "undecided")
	s.ask("third", "guide", "", "option", "undecided", "tick", "")
	s.ask("spam", "stamp", "forged")
	s.sql(`INSERT INTO guide_views SELECT id, (now() AT TIME ZONE 'UTC')::date, 7 FROM guides WHERE slug = 'django-vs-fastapi'`)
	s.sql(`UPDATE leads SET status = CASE id WHEN 1 THEN 'won' ELSE 'contacted' END, due_at = received_at + interval '2 hours',
		answered_at = received_at + CASE id WHEN 1 THEN interval '90 minutes' ELSE interval '3 hours' END WHERE id IN (1, 2)`)
	return s
}

func TestInsightsAreChartsAndTablesOfTheSameNumbers(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	page := s.get("/staff/insights").wantStatus(http.StatusOK)
	page.wantCount(".insight figure > svg[role=img][aria-label]", 5).wantCount(".insight table caption", 5)
	page.wantCount("[style], style, main script, .insight th:not([scope])", 0)
	page.wantText("header [aria-current=page]", "Insights").wantText(".quick [aria-current=true]", "Last 90 days")

	for n, want := range []string{"Whole range 2 1 1 0 50%", "Whole range 2 2:15 2:51", "All 7 3 1", "", "All suspected spam 1"} {
		cells := page.Find(".insight table").Eq(n).Find("tfoot th, tfoot td").AppendHtml(" ")
		if got := strings.Join(strings.Fields(cells.Text()), " "); got != want {
			t.Errorf("table %d ends with %q, want %q", n, got, want)
		}
	}
	for kind, want := range map[string]int{"good": 1, "late": 1, "overdue": 0} {
		page.wantCount(".plot [role=img] rect."+kind, want).wantCount(".legend rect."+kind, 1)
	}
	if words := page.attr(".insight svg", "aria-label"); !strings.HasPrefix(words,
		"Replies due: 2. In time: 1. Late: 1. Overdue: 0.") {
		t.Errorf("the first chart says %q", words)
	}
}

func TestInsightsAreExportedAsTheyAreShown(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	page := s.get("/staff/insights")
	links := page.attrs(".insight .links a", "href")
	if len(links) != 5 || links[0] != links[1] {
		t.Fatalf("the CSVs are at %q", links)
	}
	weeks := s.table(links[0])
	if last := weeks[len(weeks)-1]; !slices.Equal(last[3:], []string{"2", "1", "1", "0", "50", "2", "135", "171"}) {
		t.Errorf("the weeks end with %q", last)
	}
	guides := [][]string{
		{"guide", "title", "option", "option_name", "leads", "won", "views"},
		{"django-vs-fastapi", "Django vs FastAPI", "django", "Django", "1", "1", ""},
		{"django-vs-fastapi", "Django vs FastAPI", "undecided", "", "1", "0", ""},
		{"django-vs-fastapi", "Django vs FastAPI", "", "", "2", "1", "7"},
		{"", "", "undecided", "", "1", "0", ""},
		{"", "", "", "", "1", "0", "0"},
	}
	if got := s.table(links[2]); fmt.Sprint(got) != fmt.Sprint(guides) {
		t.Errorf("by guide: %q", got)
	}
	if got := s.table(links[3]); len(got) != 2 || got[1][5] != "2" || got[1][4] != page.text(".insight table [dir=auto]") {
		t.Errorf("by tick: %q", got)
	}
	if got := s.table(links[4]); fmt.Sprint(got[1:]) != "[[forged-stamp 1] [marked by a member 0] [all suspected spam 1]]" {
		t.Errorf("by cause: %q", got)
	}
}

func TestInsightsAreFormulaSafeAndShowWordsAsText(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	s.sql(`UPDATE guides SET title = '=1+1' WHERE slug = 'django-vs-fastapi'`)
	s.sql(`UPDATE lead_contents SET ticks = jsonb_set(ticks, '{0,text}', '"@<b>שלום</b>, \"x\""') WHERE lead_id = 1`)

	if got := s.table("/staff/insights/guides.csv"); got[1][1] != "’=1+1" {
		t.Errorf("the title is written as %q", got[1][1])
	}
	if got := s.table("/staff/insights/ticks.csv"); !slices.ContainsFunc(got,
		func(row []string) bool { return row[4] == `’@<b>שלום</b>, "x"` }) {
		t.Errorf("the conditions are written as %q", got)
	}
	s.get("/staff/insights").wantText(".insight table", `@<b>שלום</b>, "x"`)
}

func TestWrongRangeIsExplainedAtItsFieldAndShownAgain(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	for _, path := range []string{"/staff/insights", "/staff/insights/weeks.csv"} {
		page := s.get(path + "?from=soon&to=2026-11-25").wantStatus(http.StatusUnprocessableEntity)
		page.wantText("#from-wrong", "Enter a date").wantCount("table", 0)
		page.wantCount("#from[value=soon][type=text][aria-describedby=from-wrong]", 1)
		page.wantCount("#to[value='2026-11-25'][type=date]", 1)

		page = s.get(path + "?from=2026-11-25&to=2026-11-24").wantStatus(http.StatusUnprocessableEntity)
		page.wantText("#to-wrong", "The last day is before the first: enter 2026-11-25 or a later date.")
		page.wantCount("#from[value='2026-11-25'], #to[value='2026-11-24']", 2)
	}
}

func TestInsightsWithoutLeadsSaySo(t *testing.T) {
	t.Parallel()
	empty := signedIn(t, staff.Reader)
	empty.get("/staff/insights").wantStatus(http.StatusOK).wantText("main", "There are no leads yet.")
	if rows := empty.table("/staff/insights/weeks.csv"); len(rows) != 2 || rows[1][3] != "0" {
		t.Errorf("%q", rows)
	}

	s := insightful(t)
	s.get("/staff/insights?from=2020-01-01&to=2020-01-31").wantStatus(http.StatusOK).
		wantCount(".insight .none", 6).wantCount(".insight svg, .insight table, .insight .links", 0)
}

func TestManyWeeksAreShownAsMonths(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	s.sql(`UPDATE leads SET received_at = received_at - interval '5 years', due_at = due_at - interval '5 years' WHERE id = 1`)
	all := s.get("/staff/insights").attr(".quick a:last-child", "href")

	page := s.get(all).wantStatus(http.StatusOK).wantText(".insight .small", "Per month of arrival.")
	page.wantCount(".insight:first-of-type tbody tr", 61)
	if rows := s.table(strings.Replace(all, "insights?", "insights/weeks.csv?", 1)); rows[0][0] != "month" || len(rows) != 63 {
		t.Errorf("%d rows by %s", len(rows), rows[0][0])
	}
}

func TestRangeWithTooManyLeadsAsksForALaterFirstDay(t *testing.T) {
	t.Parallel()
	s := insightful(t)
	// As slow as it would be with far more leads.
	s.sql(`ALTER TABLE lead_contents RENAME TO contents; CREATE VIEW lead_contents AS SELECT contents.* FROM contents, pg_sleep(60)`)

	s.get("/staff/insights?from=2020-01-01&to=2026-11-22").wantStatus(http.StatusUnprocessableEntity).
		wantText("#from-wrong", "Choose a later first day.").wantAttr("#from", "value", "2020-01-01").
		wantAttr("#to", "value", "2026-11-22")
}

func TestInsightsShowWhichComparisonsVisitorsMiss(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Reader)
	s.get("/staff/insights").wantStatus(http.StatusOK).wantText(".insight .none", "Nobody looked for a missing comparison")
	visitor := s.another()
	visitor.get("/search?q=fastapi+vs+litestar")
	visitor.get("/compare/rails-vs-laravel")
	s.wantMissing("laravel vs rails", 1)
	s.wantMissing("fastapi vs litestar", 1)
	s.sql(`UPDATE missing_comparisons SET times = 7 WHERE names = 'fastapi vs litestar'`)
	s.sql(`INSERT INTO missing_comparisons SELECT day - 1, names, 3 FROM missing_comparisons WHERE times = 7`)

	page := s.get("/staff/insights").wantStatus(http.StatusOK)
	if rows := page.texts(".insight .wide tbody th"); len(rows) != 2 || rows[0] != "fastapi vs litestar" {
		t.Errorf("the page lists %q", rows)
	}
	page.wantText(".insight .wide tbody tr:first-child td:last-child", "10")
	if table := s.table("/staff/insights/comparisons.csv"); len(table) != 4 || table[3][1] != "fastapi vs litestar" ||
		table[3][2] != "3" {
		t.Errorf("the CSV file has %q", table)
	}

	s.get(page.attr(".insight .wide tbody a", "href")).wantStatus(http.StatusOK).wantText("h1", "FastAPI and litestar")
	visitor.get("/compare/litestar-vs-django")
	s.wantMissing("django vs litestar", 1)
	s.wantMissing("fastapi vs litestar", 7) // a member's look is not counted
}
