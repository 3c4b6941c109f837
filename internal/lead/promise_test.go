package lead_test

import (
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
)

func TestTypedTimeIsReadInTheZoneOfTheSite(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ zone, typed, want, problem string }{
		{"UTC", "2026-12-01T09:00", "2026-12-01T09:00:00Z", ""},
		{"UTC", "2026-12-01 09:00", "2026-12-01T09:00:00Z", ""},
		{"UTC", "2026-12-01T09:00:30", "2026-12-01T09:00:30Z", ""},
		{"Europe/Paris", "2026-12-01T09:00", "2026-12-01T08:00:00Z", ""},
		{"Europe/Paris", "2026-03-29T01:59", "2026-03-29T00:59:00Z", ""},
		{"Europe/Paris", "2026-03-29T02:30", "", "does not exist"},
		{"Europe/Paris", "2026-03-29T03:00", "2026-03-29T01:00:00Z", ""},
		{"Europe/Paris", "2026-10-25T01:59", "2026-10-24T23:59:00Z", ""},
		{"Europe/Paris", "2026-10-25T02:00", "", "comes twice"},
		{"Europe/Paris", "2026-10-25T02:59", "", "comes twice"},
		{"Europe/Paris", "2026-10-25T03:00", "2026-10-25T02:00:00Z", ""},
		{"America/New_York", "2026-03-08T02:15", "", "does not exist"},
		{"America/New_York", "2026-11-01T01:15", "", "comes twice"},
		{"Australia/Lord_Howe", "2026-10-04T02:15", "", "does not exist"},
		{"Australia/Lord_Howe", "2026-04-05T01:45", "", "comes twice"},
		{"Australia/Lord_Howe", "2026-04-05T01:15", "2026-04-04T14:15:00Z", ""},
		{"UTC", "", "", "Enter a date and a time"},
		{"UTC", "tomorrow", "", "Enter a date and a time"},
		{"UTC", "2026-02-30T09:00", "", "Enter a date and a time"},
	} {
		zone, err := time.LoadLocation(one.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, problem := lead.SiteTime(one.typed, zone)
		if one.problem != "" {
			if !strings.Contains(problem, one.problem) {
				t.Errorf("%s in %s: %q, want %q", one.typed, one.zone, problem, one.problem)
			}
			continue
		}
		if got := at.UTC().Format(time.RFC3339); got != one.want || problem != "" {
			t.Errorf("%s in %s: %s (%s), want %s", one.typed, one.zone, got, problem, one.want)
		}
	}
}
