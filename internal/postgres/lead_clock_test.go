package postgres_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// at is a store on the database at url whose clock shows about the given time, a little before it.
func at(t *testing.T, url string, moment time.Time) *postgres.DB {
	t.Helper()
	return pgtest.After(t, url, fmt.Sprintf("%d milliseconds", time.Until(moment).Milliseconds()))
}

// moment returns the time that is written as in RFC 3339.
func moment(t *testing.T, written string) time.Time {
	t.Helper()
	m, err := time.Parse(time.RFC3339, written)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMonthTurnsInSiteTimeByTheDatabasesClock(t *testing.T) {
	t.Parallel()
	for zone, turns := range map[string][]string{
		"Pacific/Kiritimati":  {"2027-02-28T10:00:00Z", "2028-02-29T10:00:00Z"}, // UTC+14
		"Etc/GMT+12":          {"2027-01-01T12:00:00Z", "2028-03-01T12:00:00Z"}, // UTC-12
		"Europe/Berlin":       {"2027-03-31T22:00:00Z", "2027-10-31T23:00:00Z"}, // after the clocks went forward, and back
		"America/Los_Angeles": {"2027-04-01T07:00:00Z", "2027-11-01T07:00:00Z"},
		"UTC":                 {"2027-01-01T00:00:00Z", "2028-03-01T00:00:00Z"},
	} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			for _, turn := range turns {
				monthTurns(t, zone, moment(t, turn))
			}
		})
	}
}

// monthTurns has leads arrive before and after the moment at which a month ends in the zone.
func monthTurns(t *testing.T, zone string, turn time.Time) {
	t.Helper()
	url := pgtest.NewURL(t)
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	earlier, later := turn.Add(-time.Hour).In(location), turn.Add(time.Minute).In(location)
	db := at(t, url, earlier)
	promise(t, db, addMember(t, db, staff.Admin), func(p *lead.Promise) { p.Places, p.TimeZone = 1, zone })
	before, waits := receive(t, db, sent("1", "before")), receive(t, db, sent("2", "waits"))
	wantMonth(t, db, before, earlier)
	if l := byToken(t, db, waits); l.Place != lead.Waitlist {
		t.Fatalf("%s at %v: the second has %s", zone, turn, l.Place)
	}
	db.Close()

	db = at(t, url, later)
	sweep(t, db)
	wantMonth(t, db, waits, later)
	if l := byToken(t, db, before); l.Month.Month() != earlier.Month() {
		t.Errorf("%s at %v: the place of the month before is now of %v", zone, turn, l.Month)
	}
	db.Close()
}

// wantMonth checks that the lead holds a place in the month of the time, and that pages speak of the same month.
func wantMonth(t *testing.T, db *postgres.DB, token string, when time.Time) {
	t.Helper()
	l, shown := byToken(t, db, token), settings(t, db).Places.Month
	if l.Place != lead.Held || l.Month.Format("2006-01") != when.Format("2006-01") || !shown.Equal(l.Month) {
		t.Errorf("at %v: %s in %v, pages speak of %v", when, l.Place, l.Month, shown)
	}
	if l.DueAt.Sub(l.ReceivedAt) != 24*time.Hour {
		t.Errorf("at %v: due %v after arrival", when, l.DueAt.Sub(l.ReceivedAt))
	}
}

func TestReplyIsDueAfterAbsoluteHoursThoughTheClocksChange(t *testing.T) {
	t.Parallel()
	for _, day := range []string{"2027-03-27T20:00:00Z", "2027-10-30T20:00:00Z"} {
		db := at(t, pgtest.NewURL(t), moment(t, day))
		promise(t, db, addMember(t, db, staff.Admin), func(p *lead.Promise) { p.ReplyHours, p.TimeZone = 36, "Europe/Berlin" })
		receive(t, db, sent("1", "words"))
		if l := all(t, db)[0]; l.DueAt.Sub(l.ReceivedAt) != 36*time.Hour {
			t.Errorf("%s: due %v after arrival", day, l.DueAt.Sub(l.ReceivedAt))
		}
	}
}

func TestStaffAreRemindedOnceAtEachMark(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	receive(t, db, sent("1", "words"))
	receive(t, db, sent("2", "answered at once"))
	member := addMember(t, db, staff.Editor)
	pgtest.Move(t, db, "TB-0002", member, lead.Contacted)
	for _, step := range []struct {
		shift             string
		reminder, overdue int
	}{
		{"17 hours 59 minutes", 0, 0},
		{"18 hours 1 minute", 1, 0},
		{"22 hours", 1, 0},
		{"22 hours 6 minutes", 2, 0},
		{"23 hours 59 minutes", 2, 0},
		{"24 hours 1 minute", 2, 1},
		{"60 hours", 2, 1},
	} {
		instances := []*postgres.DB{pgtest.After(t, url, step.shift), pgtest.Open(t, url)}
		var wait sync.WaitGroup
		for i := range 6 {
			wait.Go(func() {
				if err := instances[i%2].Sweep(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		reminders, overdue := mails(t, db, lead.ReminderMail), mails(t, db, lead.OverdueMail)
		if len(reminders) != step.reminder || len(overdue) != step.overdue {
			t.Errorf("after %s: %d reminders, %d overdue, want %d and %d", step.shift, len(reminders), len(overdue),
				step.reminder, step.overdue)
		}
		for _, db := range instances {
			db.Close()
		}
	}
}

func TestAfterALongStopOnlyTheTruthIsTold(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	receive(t, pgtest.Open(t, url), sent("1", "words"))
	late := pgtest.After(t, url, "30 hours")
	sweep(t, late)
	reminders, overdue := mails(t, late, lead.ReminderMail), mails(t, late, lead.OverdueMail)
	if len(reminders) != 0 || len(overdue) != 1 {
		t.Errorf("%d reminders of a time that is over, %d overdue", len(reminders), len(overdue))
	}
}

func TestChangedPromiseLeavesWhatWasPromised(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Admin)
	receive(t, db, sent("1", "words"))
	promise(t, db, member, func(p *lead.Promise) { p.ReplyHours = 4 })
	receive(t, db, sent("2", "words"))
	leads := all(t, db)
	for i, want := range []time.Duration{4 * time.Hour, 24 * time.Hour} {
		if due := leads[i].DueAt.Sub(leads[i].ReceivedAt); due != want {
			t.Errorf("%s is due %v after arrival, want %v", leads[i].Reference, due, want)
		}
	}
}
