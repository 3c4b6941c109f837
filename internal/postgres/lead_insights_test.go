package postgres_test

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// arrived is a lead as it is put into the database, with SQL for its times; what is empty is a lead that was just received.
type arrived struct {
	at       string // expression, "" for noon of 20 November 2026
	answered string // interval after the arrival, "" for never
	status   lead.Status
	suspect  bool
	causes   string // "links,markup"
	guide    string // slug
	option   string
	ticks    string // JSON
}

// insert keeps leads that were promised a reply within 24 hours.
func insert(t *testing.T, url string, leads ...arrived) {
	t.Helper()
	var sql strings.Builder
	for _, l := range leads {
		l.at = cmp.Or(l.at, "timestamptz '2026-11-20 12:00 UTC'")
		answered := "NULL"
		if l.answered != "" {
			answered = fmt.Sprintf("%s + interval '%s'", l.at, l.answered)
		}
		fmt.Fprintf(&sql, `
			WITH kept AS (
				INSERT INTO leads (token, keyless, body_digest, guide_title, guide_id, option, option_name, received_at, due_at,
				                   answered_at, status, suspect, causes)
				SELECT gen_random_uuid(), false, '', '%[1]s', (SELECT id FROM guides WHERE slug = '%[1]s'), '%[2]s', upper('%[2]s'),
				       %[3]s, %[3]s + interval '24 hours', %[4]s, '%[5]s', %[6]t, array_remove(string_to_array('%[7]s', ','), '')
				RETURNING id
			)
			INSERT INTO lead_contents SELECT id, '', '', '', '', '', '', $json$%[8]s$json$, '' FROM kept;`,
			l.guide, cmp.Or(l.option, lead.Undecided), l.at, answered, cmp.Or(l.status, lead.New), l.suspect, l.causes,
			cmp.Or(l.ticks, "[]"))
	}
	exec(t, url, sql.String())
}

// days is a range of the month November 2026.
func days(first, last int, zone string) lead.Range {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	return lead.Range{First: day(first), Last: day(last), Zone: zone}
}

func TestInsightsCountWhatTheRecordCounts(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	for n, l := range []arrived{
		{answered: "1 hour", status: lead.Contacted},
		{answered: "3 hours", status: lead.Won},
		{answered: "23 hours", status: lead.Lost},
		{answered: "30 hours", status: lead.Contacted},
		{},
		{status: lead.Qualified, answered: "5 hours"},
		{status: lead.Withdrawn},
		{status: lead.Erased, answered: "1 hour"},
		{suspect: true},
		{suspect: true, answered: "1 hour"},
	} {
		l.at = fmt.Sprintf("clock() - interval '%d days'", 2+7*n)
		insert(t, url, l)
	}
	insert(t, url, arrived{at: "clock() - interval '1 hour'"},
		arrived{at: "clock() - interval '1 hour'", answered: "10 minutes", status: lead.Contacted})

	s := settings(t, db)
	today := time.Now().UTC().Truncate(24 * time.Hour)
	by, whole, err := db.ReplyTimes(t.Context(), lead.LastDays(today, lead.RecordDays, s.Promise.TimeZone))
	if err != nil {
		t.Fatal(err)
	}
	if got := (lead.Record{Due: whole.Due, InTime: whole.InTime, Median: whole.Median}); got != s.Record || got.Due != 7 {
		t.Errorf("the record says %+v, insights %+v", s.Record, got)
	}
	if whole.Late != 1 || whole.Overdue != 1 || whole.P90 != 26*time.Hour+30*time.Minute {
		t.Errorf("%+v", whole)
	}
	sum := lead.Replies{Median: whole.Median, P90: whole.P90}
	for _, n := range by {
		sum.Due, sum.InTime, sum.Late, sum.Overdue = sum.Due+n.Due, sum.InTime+n.InTime, sum.Late+n.Late, sum.Overdue+n.Overdue
	}
	if sum != whole {
		t.Errorf("the weeks add up to %+v, the range is %+v", sum, whole)
	}
}

func TestWeeksTurnOnMondayInTheSitesZone(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	insert(t, url,
		arrived{at: "timestamptz '2026-11-15 23:59:59 Asia/Tokyo'", answered: "1 hour"},
		arrived{at: "timestamptz '2026-11-16 00:00:00 Asia/Tokyo'", answered: "2 hours"},
		arrived{at: "timestamptz '2026-11-22 23:59:59 Asia/Tokyo'", answered: "4 hours"},
		arrived{at: "timestamptz '2026-11-23 00:00:00 Asia/Tokyo'", answered: "1 hour"})

	by, whole, err := db.ReplyTimes(t.Context(), days(16, 22, "Asia/Tokyo"))
	if err != nil {
		t.Fatal(err)
	}
	week := by[days(16, 16, "").First]
	if len(by) != 1 || week != whole || week.InTime != 2 || week.Median != 3*time.Hour {
		t.Errorf("%+v, in all %+v", by, whole)
	}
	if first, err := db.FirstArrival(t.Context(), "Asia/Tokyo"); err != nil || first.Day() != 15 {
		t.Errorf("the first came on %v (%v)", first, err)
	}
}

// compared fills the database with two guides of the options a, b and c.
func compared(t *testing.T) (*postgres.DB, string) {
	t.Helper()
	url := pgtest.NewURL(t)
	exec(t, url, `
		INSERT INTO options (slug, name, kind, homepage) SELECT slug, upper(slug), '', '' FROM unnest('{a,b,c}'::text[]) AS slug;
		INSERT INTO guides (slug, field, title) VALUES ('c-vs-a', '', 'C vs A'), ('a-vs-b', '', 'A vs B');
		INSERT INTO guide_options (guide_id, position, option_id) VALUES (1, 1, 3), (1, 2, 1), (2, 1, 1), (2, 2, 2)`)
	return pgtest.Open(t, url), url
}

func TestLeadsAreCountedByGuideAndOption(t *testing.T) {
	t.Parallel()
	db, url := compared(t)
	insert(t, url,
		arrived{guide: "a-vs-b", option: "b"}, arrived{guide: "a-vs-b", option: "b", status: lead.Withdrawn},
		arrived{guide: "a-vs-b", option: "a"}, arrived{guide: "a-vs-b"}, arrived{guide: "a-vs-b", option: "c"},
		arrived{guide: "c-vs-a", option: "a"}, arrived{guide: "c-vs-a", option: "c", suspect: true},
		arrived{}, arrived{}, arrived{at: "timestamptz '2026-11-21 12:00 UTC'"})

	guides, err := db.LeadsByGuide(t.Context(), days(20, 20, "UTC"))
	if err != nil {
		t.Fatal(err)
	}
	undecided := func(leads int) lead.OptionLeads {
		return lead.OptionLeads{Option: lead.Undecided, Name: "UNDECIDED", Leads: leads}
	}
	want := []lead.GuideLeads{
		{Guide: "a-vs-b", Title: "A vs B", Leads: 5, Options: []lead.OptionLeads{
			{Option: "a", Name: "A", Position: 1, Leads: 1},
			{Option: "b", Name: "B", Position: 2, Leads: 2},
			{Option: "c", Name: "C", Leads: 1},
			undecided(1),
		}},
		{Leads: 2, Options: []lead.OptionLeads{undecided(2)}},
		{
			Guide: "c-vs-a", Title: "C vs A", Leads: 1,
			Options: []lead.OptionLeads{{Option: "a", Name: "A", Position: 2, Leads: 1}},
		},
	}
	if !reflect.DeepEqual(guides, want) {
		t.Errorf("got  %+v\nwant %+v", guides, want)
	}
}

func TestTicksAreCountedAsTheyWereWorded(t *testing.T) {
	t.Parallel()
	db, url := compared(t)
	tick := func(option, text string) string {
		return fmt.Sprintf(`{"id": "x", "option": %q, "name": "then", "text": %q, "weight": 2}`, option, text)
	}
	some := arrived{guide: "a-vs-b", ticks: "[" + tick("b", "It’s =quoted, “so”") + "," + tick("a", "old words") + "]"}
	suspect, reworded := some, some
	suspect.suspect, reworded.ticks = true, "["+tick("a", "new words")+"]"
	insert(t, url, some, some, suspect, reworded, arrived{guide: "c-vs-a", ticks: "[" + tick("a", "old words") + "]"}, some)
	if err := db.EraseLead(t.Context(), "TB-0006", addMember(t, db, staff.Admin)); err != nil {
		t.Fatal(err)
	}

	ticks, err := db.LeadsByTick(t.Context(), days(1, 30, "UTC"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range ticks {
		got = append(got, fmt.Sprint(n.Leads, " ", n.Title, ", ", n.Option, n.Position, ": ", n.Text))
	}
	want := []string{
		"2 A vs B, a1: old words", "2 A vs B, b2: It’s =quoted, “so”", "1 C vs A, a2: old words",
		"1 A vs B, a1: new words",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSuspectsAreCountedByCause(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	insert(t, url, arrived{suspect: true, causes: "links,markup"}, arrived{suspect: true, causes: "links"},
		arrived{suspect: true}, arrived{causes: "trapped"}, arrived{})

	got, err := db.SuspectsByCause(t.Context(), days(20, 20, "UTC"))
	want := lead.SuspectLeads{
		Leads: 3, ByMember: 1,
		Causes: []lead.CauseLeads{{Cause: lead.Links, Leads: 2}, {Cause: lead.LinkMarkup, Leads: 1}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v (%v)", got, want, err)
	}
	if none, err := db.SuspectsByCause(t.Context(), days(21, 30, "UTC")); err != nil || none.Leads != 0 {
		t.Errorf("%+v (%v)", none, err)
	}
}
