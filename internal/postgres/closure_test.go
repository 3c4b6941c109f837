package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// closed returns closed days from today on, as the database counts them.
func closed(t *testing.T, db *postgres.DB, from, until int) lead.Closure {
	t.Helper()
	p, err := db.Closures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return lead.Closure{From: p.Today.AddDate(0, 0, from), Until: p.Today.AddDate(0, 0, until)}
}

func TestStaffAreRemindedAfterTheReopeningOnly(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	if err := db.SaveClosure(t.Context(), lead.Closure{}, closed(t, db, 0, 8), addMember(t, db, staff.Admin)); err != nil {
		t.Fatal(err)
	}
	receive(t, db, sent("1", "words"))
	l := all(t, db)[0]
	for _, step := range []struct {
		before             time.Duration // it is due
		reminders, overdue int
	}{
		{23 * time.Hour, 0, 0}, {6*time.Hour + time.Minute, 0, 0}, {6*time.Hour - time.Minute, 1, 0}, {-time.Minute, 1, 1},
	} {
		later := at(t, url, l.DueAt.Add(-step.before))
		sweep(t, later)
		reminders, overdue := len(mails(t, later, lead.ReminderMail)), len(mails(t, later, lead.OverdueMail))
		if reminders != step.reminders || overdue != step.overdue {
			t.Errorf("%v before it is due: %d reminders, %d overdue, want %d and %d", step.before, reminders, overdue,
				step.reminders, step.overdue)
		}
	}
}

// TestDueTimeIsCountedForAnyArrival is for requests that are entered later than they arrived.
func TestDueTimeIsCountedForAnyArrival(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	addMember(t, pgtest.Open(t, url), staff.Admin)
	err := pgtest.Exec(t, url, `INSERT INTO closures (first_day, last_day, member_id) VALUES ('2026-12-24', '2027-01-03', 1)`)
	if err != nil {
		t.Fatal(err)
	}
	for arrival, due := range map[string]string{
		"2026-12-23 23:59:59+00": "2026-12-24 23:59:59+00", // the day before keeps its hours
		"2026-12-24 00:00:00+00": "2027-01-05 00:00:00+00",
		"2027-01-03 23:59:59+00": "2027-01-05 00:00:00+00",
		"2027-01-04 00:00:00+00": "2027-01-05 00:00:00+00",
	} {
		pgtest.Await(t, url, 0, fmt.Sprintf(`reply_due(24, '%s') = '%s'`, arrival, due))
	}
}

func TestNoDayIsClosedTwiceThoughTwoAdminsEnterIt(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member, days := addMember(t, db, staff.Admin), closed(t, db, 3, 5)
	results := make(chan error)
	for range 4 {
		go func() { results <- db.SaveClosure(t.Context(), lead.Closure{}, days, member) }()
	}
	saved := 0
	for range 4 {
		_, invalid := errors.AsType[fault.Invalid](<-results)
		if !invalid {
			saved++
		}
	}
	if p, err := db.Closures(t.Context()); err != nil || len(p.Closures) != 1 || saved != 1 {
		t.Errorf("%d were saved: %+v, %v", saved, p, err)
	}
}
