package postgres_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// noErrors ends the test at the first error.
func noErrors(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestUndoneWithdrawalPutsTheLeadBackAsItWas(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Editor)
	token := receive(t, db, sent("1", "first"))
	before := byToken(t, db, token)
	noErrors(t, db.Withdraw(t.Context(), token))
	later := pgtest.After(t, url, "30 hours")
	for range 2 { // pressed twice
		noErrors(t, later.UndoWithdrawal(t.Context(), token))
	}
	after := byToken(t, later, token)
	if after.Status != lead.New || after.Place != lead.Held {
		t.Errorf("the lead is %s and has the place %s", after.Status, after.Place)
	}
	if paused := after.DueAt.Sub(before.DueAt); paused < 30*time.Hour || paused > 31*time.Hour {
		t.Errorf("the reply is due %v later", paused)
	}
	kinds := []lead.EventKind{}
	for _, e := range historyOf(t, later, token) {
		kinds = append(kinds, e.Kind)
	}
	if want := []lead.EventKind{lead.Received, lead.Withdrew, lead.Resumed}; !slices.Equal(kinds, want) {
		t.Errorf("the history is %v", kinds)
	}
	if told := mails(t, later, lead.ResumedMail); len(told) != 1 {
		t.Errorf("staff are told %d times", len(told))
	}

	pgtest.Move(t, later, "TB-0001", member, lead.Contacted)
	answered := byToken(t, later, token)
	noErrors(t, later.Withdraw(t.Context(), token))
	much := pgtest.After(t, url, "60 hours")
	noErrors(t, much.UndoWithdrawal(t.Context(), token))
	after = byToken(t, much, token)
	if after.Status != lead.Contacted || !after.DueAt.Equal(answered.DueAt) || !after.AnsweredAt.Equal(*answered.AnsweredAt) {
		t.Errorf("the lead is %+v, before it was %+v", after, answered)
	}
}

func TestPlaceOfAWithdrawnLeadIsGoneAndItWaitsAtTheEnd(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	limit(t, db, addMember(t, db, staff.Admin), 1)
	first, second := receive(t, db, sent("1", "first")), receive(t, db, sent("2", "second"))
	receive(t, db, sent("3", "third"))
	noErrors(t, db.Withdraw(t.Context(), first), db.UndoWithdrawal(t.Context(), first))
	by := holders(t, db)
	if !slices.Equal(by[lead.Held], []string{"second"}) || !slices.Equal(by[lead.Waitlist], []string{"first", "third"}) {
		t.Errorf("got %v", by)
	}
	noErrors(t, db.Withdraw(t.Context(), second))
	if by = holders(t, db); !slices.Equal(by[lead.Held], []string{"third"}) {
		t.Errorf("the freed place is held by %v", by[lead.Held])
	}
	if told := mails(t, db, lead.PlacedMail); !slices.Equal(told, []string{"TB-0002", "TB-0003"}) {
		t.Errorf("a place is told to %v", told)
	}
}

func TestOnlyAWithdrawalIsUndone(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Editor)
	erased, lost, suspect := receive(t, db, sent("1", "1")), receive(t, db, sent("2", "2")), receive(t, db, sent("3", "3"))
	noErrors(t, db.Withdraw(t.Context(), erased), db.EraseByToken(t.Context(), erased))
	pgtest.Move(t, db, "TB-0002", member, lead.Lost)
	for token, status := range map[string]lead.Status{erased: lead.Erased, lost: lead.Lost} {
		err := db.UndoWithdrawal(t.Context(), token)
		if l := byToken(t, db, token); !errors.Is(err, fault.Conflict) || l.Status != status {
			t.Errorf("%s: %v, and the lead is %s", status, err, l.Status)
		}
	}
	if err := db.UndoWithdrawal(t.Context(), "GUESS"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a guessed link: %v", err)
	}

	noErrors(t, db.Withdraw(t.Context(), suspect))
	_, err := db.Quarantine(t.Context(), "TB-0003", member)
	noErrors(t, err, db.UndoWithdrawal(t.Context(), suspect))
	if l := byToken(t, db, suspect); l.Status != lead.New || l.Place != lead.NoPlace || !l.Suspect {
		t.Errorf("the suspect is %s and has the place %s", l.Status, l.Place)
	}
}

func TestUndoAtTheTimeOfAnErasureBringsNothingBack(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	for range 10 {
		token := receive(t, db, sent(lead.NewKey(), "words"))
		noErrors(t, db.Withdraw(t.Context(), token))
		var undone error
		var wait sync.WaitGroup
		wait.Go(func() { undone = db.UndoWithdrawal(t.Context(), token) })
		wait.Go(func() { report(t, db.EraseByToken(t.Context(), token)) })
		wait.Wait()
		if l := byToken(t, db, token); l.Status != lead.Erased || l.Place != lead.NoPlace {
			t.Errorf("the erased lead is %s and has the place %s (%v)", l.Status, l.Place, undone)
		}
		pgtest.Await(t, url, 0, everyPlaceCounted)
	}
}

// report reports an error, also from another goroutine.
func report(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func TestRemindersAfterAnUndoneWithdrawalComeWhenTheTimeThatCountsIsUsedUp(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	token := receive(t, pgtest.Open(t, url), sent("1", "words"))
	after := func(shift string, do ...func(*postgres.DB) error) (reminders, overdue int) {
		db := pgtest.After(t, url, shift)
		defer db.Close()
		for _, step := range do {
			noErrors(t, step(db))
		}
		sweep(t, db)
		return len(mails(t, db, lead.ReminderMail)), len(mails(t, db, lead.OverdueMail))
	}
	after("1 hour", func(db *postgres.DB) error { return db.Withdraw(t.Context(), token) })
	undo := func(db *postgres.DB) error { return db.UndoWithdrawal(t.Context(), token) }
	if reminders, overdue := after("400 hours", undo); reminders+overdue > 0 {
		t.Errorf("%d reminders, %d overdue at once", reminders, overdue)
	}
	// Another withdrawal, in the middle of the time.
	after("410 hours", func(db *postgres.DB) error { return db.Withdraw(t.Context(), token) })
	after("1000 hours", undo)
	for _, step := range []struct {
		shift             string
		reminder, overdue int
	}{
		{"1006 hours 59 minutes", 0, 0}, // 17:59 hours of 24 count
		{"1007 hours 1 minute", 1, 0},
		{"1011 hours 6 minutes", 2, 0},
		{"1012 hours 59 minutes", 2, 0},
		{"1013 hours 1 minute", 2, 1},
	} {
		if reminders, overdue := after(step.shift); reminders != step.reminder || overdue != step.overdue {
			t.Errorf("after %s: %d reminders, %d overdue, want %d and %d", step.shift, reminders, overdue,
				step.reminder, step.overdue)
		}
	}
}

func TestTimeBeforeAMessageIsNotAddedToItsDeadlineByTheUndo(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	token := receive(t, db, sent("1", "words"))
	pgtest.Move(t, db, "TB-0001", addMember(t, db, staff.Editor), lead.Contacted)
	noErrors(t, db.Withdraw(t.Context(), token))

	// An email comes while the lead is withdrawn.
	db = pgtest.After(t, url, "10 hours")
	mailbox := []byte("a sample mailbox")
	_, err := db.OpenMailbox(t.Context(), mailbox, 1)
	noErrors(t, err)
	took, err := db.TakeMail(t.Context(), postgres.MailPlace{Mailbox: mailbox, Validity: 1, UID: 1}, postgres.IncomingMail{
		Message: lead.Message{Kind: lead.MailMessage, Text: "Please go on."},
		Keys:    []postgres.MailKey{{Lead: 1, Digest: []byte("1")}},
	})
	noErrors(t, err)
	if took.Leads != 1 {
		t.Fatalf("the email was taken as %+v", took)
	}
	before := byToken(t, db, token)

	db = pgtest.After(t, url, "13 hours")
	noErrors(t, db.UndoWithdrawal(t.Context(), token))
	after := byToken(t, db, token)
	if moved := after.Due().Sub(before.Due()).Round(time.Minute); moved != 3*time.Hour {
		t.Errorf("the answer is due %v later, want 3 hours", moved)
	}
}
