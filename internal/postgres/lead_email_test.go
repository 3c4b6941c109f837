package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// correct corrects the address of the receipt's lead by a press of its own, and returns the token of the receipt from then on.
func correct(t *testing.T, db *postgres.DB, token, address string) string {
	t.Helper()
	now, err := db.CorrectOwnEmail(t.Context(), token, lead.EmailForm{Email: address, Key: token + address})
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// wantGone checks that nothing can be seen or done by the token.
func wantGone(t *testing.T, db *postgres.DB, token string) {
	t.Helper()
	_, shown := db.Receipt(t.Context(), token)
	_, corrected := db.CorrectOwnEmail(t.Context(), token, lead.EmailForm{Email: "stranger@example.org", Key: "stranger's"})
	_, keyless := db.CorrectOwnEmail(t.Context(), token, lead.EmailForm{Email: "right@example.org"})
	for act, err := range map[string]error{
		"shown": shown, "corrected": corrected, "corrected without a key": keyless,
		"added to":  db.AddNote(t.Context(), token, lead.NoteForm{Text: "a note"}),
		"withdrawn": db.Withdraw(t.Context(), token),
		"resumed":   db.UndoWithdrawal(t.Context(), token),
		"erased":    db.EraseByToken(t.Context(), token),
	} {
		if !errors.Is(err, fault.Gone) {
			t.Errorf("%s by an old link: %v", act, err)
		}
	}
}

func TestCorrectedAddressGivesTheReceiptANewLink(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	first := receive(t, db, sent("key", "words"))
	second := correct(t, db, first, "right@example.org")
	if l := byToken(t, db, second); l.Email != "right@example.org" || l.Reference != "TB-0001" {
		t.Errorf("the lead is %+v", l)
	}
	wantGone(t, db, first)
	if again := correct(t, db, second, "right@example.org"); again != second {
		t.Error("the same address got the receipt another link")
	}
	third := correct(t, db, second, "better@example.org")
	wantGone(t, db, first)
	wantGone(t, db, second)
	kinds := []lead.EventKind{}
	for _, e := range historyOf(t, db, third) {
		kinds = append(kinds, e.Kind)
	}
	if want := []lead.EventKind{lead.Received, lead.EmailCorrected, lead.EmailCorrected}; !slices.Equal(kinds, want) {
		t.Errorf("the history is %v", kinds)
	}
	for address, tables := range map[string][]string{
		"sample@example.org": nil, "right@example.org": nil, "better@example.org": {"lead_contents"},
	} {
		if got := pgtest.TablesWith(t, url, address); !slices.Equal(got, tables) {
			t.Errorf("%s stands in %v", address, got)
		}
	}
}

func TestSamePressOfACorrectionLeadsToTheSameLink(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	token := receive(t, db, sent("key", "words"))
	form := lead.EmailForm{Email: "right@example.org", Key: "one press"}
	tokens, other := make([]string, 20), make([]error, 20)
	var wait sync.WaitGroup
	for i := range tokens {
		wait.Go(func() {
			var err error
			if tokens[i], err = db.CorrectOwnEmail(t.Context(), token, form); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, got := range tokens {
		if got == token || got != tokens[0] {
			t.Fatalf("the links are %s and %s", tokens[0], got)
		}
	}
	second := correct(t, db, tokens[0], "better@example.org")
	// The first press leads to its own link, which is replaced now, and never past it: that one was mailed to another address.
	if got, err := db.CorrectOwnEmail(t.Context(), token, form); err != nil || got != tokens[0] {
		t.Errorf("the first press leads to %s (%v)", got, err)
	}

	// Of different corrections at once only one is made.
	for i := range other {
		wait.Go(func() {
			form := lead.EmailForm{Email: "best@example.org", Key: fmt.Sprint(i)}
			_, other[i] = db.CorrectOwnEmail(t.Context(), second, form)
		})
	}
	wait.Wait()
	made := 0
	for _, err := range other {
		if err == nil {
			made++
		} else if !errors.Is(err, fault.Gone) {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d corrections were made at once", made)
	}
}

func TestAddressIsCorrectedThreeTimesAndOnlyWhileTheLeadIsOpen(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	token := receive(t, db, sent("key", "words"))
	for _, address := range []string{"one@example.org", "two@example.org", "three@example.org"} {
		token = correct(t, db, token, address)
	}
	wantConflict := func(token string) {
		t.Helper()
		before := byToken(t, db, token)
		_, err := db.CorrectOwnEmail(t.Context(), token, lead.EmailForm{Email: "four@example.org", Key: "another"})
		if after := byToken(t, db, token); !errors.Is(err, fault.Conflict) || after.Email != before.Email {
			t.Errorf("%v, and the address is %q", err, after.Email)
		}
	}
	wantConflict(token)
	for _, close := range []func(token string) error{
		func(token string) error { return db.Withdraw(t.Context(), token) },
		func(token string) error { return db.EraseByToken(t.Context(), token) },
	} {
		token := receive(t, db, sent(lead.NewKey(), "other words"))
		if err := close(token); err != nil {
			t.Fatal(err)
		}
		wantConflict(token)
	}
}

func TestCorrectionAtTheTimeOfAnErasureLeavesNothingTyped(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	for range 10 {
		token := receive(t, db, sent(lead.NewKey(), "words"))
		var now string
		var corrected, erased error
		var wait sync.WaitGroup
		wait.Go(func() {
			now, corrected = db.CorrectOwnEmail(t.Context(), token, lead.EmailForm{Email: "canary@example.org", Key: "key"})
		})
		wait.Go(func() { erased = db.EraseByToken(t.Context(), token) })
		wait.Wait()
		switch {
		case corrected == nil && errors.Is(erased, fault.Gone): // the new link erases it
			if err := db.EraseByToken(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		case erased != nil || !errors.Is(corrected, fault.Conflict):
			t.Errorf("corrected: %v, erased: %v", corrected, erased)
		}
	}
	if tables := pgtest.TablesWith(t, url, "canary@example.org"); len(tables) > 0 {
		t.Errorf("the address stands in %v", tables)
	}
}

func TestConfirmationGoesToTheCorrectedAddressOnceADay(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	first, second := receive(t, db, sent("1", "first")), receive(t, db, sent("2", "second"))
	confirmations := func(want ...lead.DeliveryState) {
		t.Helper()
		var states []lead.DeliveryState
		for _, reference := range []string{"TB-0001", "TB-0002"} {
			for _, d := range pgtest.Mails(t, db, reference) {
				if d.Kind == lead.ConfirmationMail {
					states = append(states, d.State)
				}
			}
		}
		if !slices.Equal(states, want) {
			t.Errorf("the confirmations are %v, want %v", states, want)
		}
	}
	confirmations(lead.Waiting) // both came from one address
	second = correct(t, db, second, "right@example.org")
	confirmations(lead.Waiting, lead.Waiting)
	first = correct(t, db, first, "right@example.org") // which got one today; the one that waits is for the old address
	confirmations(lead.Dropped, lead.Waiting)
	if r, err := db.Receipt(t.Context(), first); err != nil {
		t.Fatal(err)
	} else if d, found := r.Confirmation(); found {
		t.Errorf("the receipt tells of the mail %+v", d)
	}
	correct(t, pgtest.After(t, url, "25 hours"), second, "another@example.org")
	confirmations(lead.Dropped, lead.Dropped, lead.Waiting)
}

func TestSuspectsCorrectedAddressIsConfirmedOnceTheyAreCleared(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Editor)
	token := receive(t, db, sent("key", "words"))
	for _, d := range pgtest.Mails(t, db, "TB-0001") {
		_, err := db.RecordOutcome(t.Context(), d.ID, lead.Sent, "", 0)
		noErrors(t, err)
	}
	_, err := db.Quarantine(t.Context(), "TB-0001", member)
	noErrors(t, err)
	correct(t, db, token, "right@example.org")
	if told := mails(t, db, lead.ConfirmationMail); len(told) != 0 {
		t.Errorf("%d confirmations while they are suspected", len(told))
	}
	noErrors(t, db.Clear(t.Context(), "TB-0001", member))
	if told := mails(t, db, lead.ConfirmationMail); len(told) != 1 {
		t.Errorf("%d confirmations after they were cleared", len(told))
	}
}

func TestRepeatedFormLeadsItsOwnBrowserToThePresentReceipt(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for name, c := range map[string]struct {
		key  string
		same bool // the browser has shown that it is the one that sent the form
	}{"with a key": {"a key", true}, "without one": {"", false}} {
		first := receive(t, db, sent(c.key, "words "+name))
		now := correct(t, db, correct(t, db, first, "right@example.org"), "better@example.org")
		again := receive(t, db, sent(c.key, "words "+name))
		if c.same && again != now || !c.same && again != first {
			t.Errorf("%s: a repeat leads to %s, of %s and %s", name, again, first, now)
		}
	}
	if leads := all(t, db); len(leads) != 2 {
		t.Errorf("%d leads", len(leads))
	}
}

func TestStaffLearnOfACorrectedAddress(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Editor)
	token := receive(t, db, sent("key", "words"))
	stale := pgtest.Act(t, db, "TB-0001", member)
	token = correct(t, db, token, "right@example.org")
	if _, err := db.CorrectEmail(t.Context(), stale, "wrong@example.org"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a member who has not seen the correction overwrites it: %v", err)
	}
	if told := mails(t, db, lead.CorrectedMail); len(told) > 0 {
		t.Errorf("staff are told of %v before they have answered", told)
	}
	if err := db.Reply(t.Context(), pgtest.Act(t, db, "TB-0001", member), []byte("press"), "A reply"); err != nil {
		t.Fatal(err)
	}
	correct(t, db, token, "better@example.org")
	if told := mails(t, db, lead.CorrectedMail); len(told) != 1 {
		t.Errorf("staff are told %d times after their answer", len(told))
	}
	wantFoundBy(t, db, "better@example.org", "words", "A reply")
	if n := found(t, db, "right@example.org"); n != 0 {
		t.Errorf("staff find %d leads by the address before", n)
	}
}
