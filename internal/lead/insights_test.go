package lead_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestRangeIsReadAsTyped(t *testing.T) {
	t.Parallel()
	today := day(t, "2026-11-25")
	for _, c := range []struct{ from, to, want string }{
		{"", "", "2026-08-28 2026-11-25"}, // 90 days, both ends included
		{"2026-11-25", "", "2026-11-25 2026-11-25"},
		{"", "2026-03-01", "2025-12-02 2026-03-01"},
		{"0001-01-01", "9999-12-31", "0001-01-01 9999-12-31"},
		{"soon", "", "from"},
		{"2026-02-30", "25.11.2026", "from to"},
		{"2026-11-25", "2026-11-24", "to"},
	} {
		r, wrong := lead.ReadRange(c.from, c.to, today, "UTC")
		got := r.From() + " " + r.To()
		if wrong != nil {
			var names []string
			for _, f := range wrong {
				names = append(names, f.Name)
			}
			got = strings.Join(names, " ")
		}
		if got != c.want {
			t.Errorf("from %q to %q is %s, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestRangeIsCutIntoWeeksOrMonthsAsFarAsThereAreLeads(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, first, want string }{
		// 2026-11-23 is a Monday
		{"2026-11-12", "2026-11-25", "2020-01-01", "12–15 16–22 23–25"},
		{"2026-11-01", "2026-12-31", "2026-11-18", "16–22 23–25"},
		{"2026-01-01", "2026-11-25", "2026-09-30", "1–30 1–31 1–25"}, // 47 weeks
		{"2026-11-01", "2026-11-10", "2026-11-23", ""},
		{"2026-12-01", "2026-12-10", "2026-11-23", ""},
		{"0001-01-01", "9999-12-31", "2026-11-24", "1–25"},
	} {
		r, wrong := lead.ReadRange(c.from, c.to, day(t, "2026-11-25"), "UTC")
		if wrong != nil {
			t.Fatal(wrong)
		}
		var got []string
		for _, p := range r.Periods(day(t, c.first), day(t, "2026-11-25")) {
			got = append(got, fmt.Sprintf("%d–%d", p.First.Day(), p.Last.Day()))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s to %s is cut into %q, want %s", c.from, c.to, got, c.want)
		}
	}
}

func TestFiveYearsStillReadAsMonths(t *testing.T) {
	t.Parallel()
	r := lead.Range{First: day(t, "2021-11-26"), Last: day(t, "2026-11-25")}
	if periods := r.Periods(r.First, r.Last); r.Unit() != lead.Month || len(periods) != 61 {
		t.Errorf("%d of %s", len(periods), r.Unit())
	}
	forty := lead.LastDays(r.Last, 280, "UTC")
	if periods := forty.Periods(forty.First, forty.Last); forty.Unit() != lead.Week || len(periods) != 41 {
		t.Errorf("%d of %s", len(periods), forty.Unit())
	}
}

func TestOnlyAllInTimeIsAHundredPercent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lead.Replies
		want int
	}{
		{lead.Replies{}, 0},
		{lead.Replies{Due: 1000, InTime: 999}, 99},
		{lead.Replies{Due: 3, InTime: 3}, 100},
		{lead.Replies{Due: 3, InTime: 2}, 66},
	} {
		if got := c.Percent(); got != c.want {
			t.Errorf("%+v is %d%%, want %d%%", c.Replies, got, c.want)
		}
	}
}
