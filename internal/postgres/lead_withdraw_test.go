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
