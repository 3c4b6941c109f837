package ui_test

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

// november returns a day of November 2026, or one after it: its 31st is the first of December.
func november(day int) time.Time { return time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC) }

func TestPlacesAreWordedForTheDayOfTheMonth(t *testing.T) {
	t.Parallel()
	const (
		early = "We start up to 8 projects a month. With a place, yours can start this month if we agree to work together. " +
			"When all places are taken, we still reply and put you on the waitlist for December."
		late = "We start up to 8 projects a month. With a place, yours can start as soon as we agree to work together, even " +
			"after November ends. When all places are taken, we still reply and put you on the waitlist for December."
		full = "We still reply to your request and put you on the waitlist. New places open on 1 December. If a place becomes " +
			"free earlier, it goes to the first person on the waitlist."
	)
	for _, c := range []struct {
		day, taken       int
		summary, meaning string
	}{
		{1, 0, "8 of 8 places left in November", early},
		{15, 5, "3 of 8 places left in November", early},
		{23, 7, "1 of 8 places left in November", early},
		{24, 0, "8 places free now, 8 more from 1 December", late},
		{30, 7, "1 place free now, 8 more from 1 December", late},
		{1, 8, "November is full: join the waitlist for December", full},
		{30, 8, "November is full: join the waitlist for December", full},
	} {
		p := lead.Places{Month: november(1), Today: november(c.day), Monthly: 8, Capacity: 8, Taken: c.taken}
		if got := ui.PlacesSummary(p); got != c.summary {
			t.Errorf("on the %d with %d taken: %q, want %q", c.day, c.taken, got, c.summary)
		}
		if got := ui.PlacesMeaning(p); got != c.meaning {
			t.Errorf("on the %d with %d taken: %q, want %q", c.day, c.taken, got, c.meaning)
		}
	}
	closing := lead.Places{Month: november(1), Today: november(30), Capacity: 8}
	if got := ui.PlacesSummary(closing); got != "8 places free now" {
		t.Errorf("on the last day before none open: %q", got)
	}
	unlimited := lead.Places{Month: november(1), Today: november(30), Unlimited: true}
	if got := ui.PlacesMeaning(unlimited); strings.Contains(got, "month") {
		t.Errorf("on the last day without a limit: %q", got)
	}
}

func TestHeldPlaceIsWordedForTheDayOfTheMonth(t *testing.T) {
	t.Parallel()
	l := lead.Lead{Place: lead.Held, Month: november(1)}
	const within, after = "Your project can start in that month", "The place stays yours after that month."
	for _, c := range []struct {
		today time.Time
		want  string
	}{{november(1), within}, {november(15), within}, {november(30), after}, {november(31), after}, {november(75), after}} {
		first := c.today.AddDate(0, 0, 1-c.today.Day())
		has, means := ui.LeadPlace(l, lead.Places{Month: first, Today: c.today, Monthly: 8, Capacity: 8})
		if has != "We have reserved a place for you in November 2026." || !strings.HasPrefix(means, c.want) {
			t.Errorf("on %s: %s %s", c.today.Format(time.DateOnly), has, means)
		}
	}
}

func TestNobodyIsPromisedAnEmailWithoutAnAddress(t *testing.T) {
	t.Parallel()
	const promise = "We will email you"
	waiting := lead.Lead{Place: lead.Waitlist, Waiting: 1, Contents: lead.Contents{Email: "ada@example.org"}}
	if _, means := ui.LeadPlace(waiting, lead.Places{}); !strings.Contains(means, promise) {
		t.Errorf("with an address: %s", means)
	}
	waiting.Email = ""
	if _, means := ui.LeadPlace(waiting, lead.Places{}); strings.Contains(means, promise) {
		t.Errorf("without an address: %s", means)
	}
}
