package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// promise changes what is promised on the database, whatever stood there.
func promise(t *testing.T, db *postgres.DB, member int64, change func(p *lead.Promise)) {
	t.Helper()
	was := settings(t, db).Promise
	next := was
	change(&next)
	if err := db.ChangePromise(t.Context(), was, next, member); err != nil {
		t.Fatal(err)
	}
}

func limit(t *testing.T, db *postgres.DB, member int64, places int) {
	t.Helper()
	promise(t, db, member, func(p *lead.Promise) { p.Places, p.Unlimited = places, false })
}

// holders are the keys of the leads by their place, in the order of arrival.
func holders(t *testing.T, db *postgres.DB) map[lead.Place][]string {
	t.Helper()
	leads := all(t, db)
	slices.Reverse(leads)
	by := map[lead.Place][]string{}
	for _, l := range leads {
		by[l.Place] = append(by[l.Place], l.Project)
	}
	return by
}

func TestFreedPlaceGoesToTheOldestWaitingWhoIsTold(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	limit(t, db, addMember(t, db, staff.Admin), 1)
	first, second := receive(t, db, sent("1", "first")), receive(t, db, sent("2", "second"))
	if l := byToken(t, db, receive(t, db, sent("3", "third"))); l.Place != lead.Waitlist || l.Waiting != 2 {
		t.Errorf("the third has %s, number %d", l.Place, l.Waiting)
	}
	for range 2 { // pressed twice
		if err := db.Withdraw(t.Context(), first); err != nil {
			t.Fatal(err)
		}
	}
	l := byToken(t, db, second)
	if l.Place != lead.Held {
		t.Fatalf("the second has %s", l.Place)
	}
	if history := historyOf(t, db, second); len(history) != 2 || history[1].Kind != lead.Placed {
		t.Errorf("history %+v", history)
	}
	if told := mails(t, db, lead.PlacedMail); len(told) != 1 || told[0] != l.Reference {
		t.Errorf("a place is told to %v", told)
	}
	if withdrawn := mails(t, db, lead.WithdrawnMail); len(withdrawn) != 1 {
		t.Errorf("withdrawn is told %d times", len(withdrawn))
	}
}

func TestPlacesNeverGoBelowThoseTakenAndMoreOfThemReachTheWaitlist(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Admin)
	limit(t, db, member, 3)
	for i := range 5 {
		receive(t, db, sent(fmt.Sprint(i), fmt.Sprint(i)))
	}
	limit(t, db, member, 1)
	if s := settings(t, db); s.Places.Taken != 3 || s.Places.Capacity != 3 || s.Promise.Places != 1 || !s.Places.Full() {
		t.Errorf("%+v under a promise of %d", s.Places, s.Promise.Places)
	}
	limit(t, db, member, 4)
	if by := holders(t, db); !slices.Equal(by[lead.Held], []string{"0", "1", "2", "3"}) {
		t.Errorf("held by %v", by[lead.Held])
	}
	promise(t, db, member, func(p *lead.Promise) { p.Unlimited = true })
	if s := settings(t, db); s.Places.Taken != 5 || s.Places.Full() || !s.Places.Unlimited {
		t.Errorf("without a limit: %+v", s.Places)
	}
	limit(t, db, member, 0)
	receive(t, db, sent("late", "late"))
	if by := holders(t, db); !slices.Equal(by[lead.Waitlist], []string{"late"}) {
		t.Errorf("with no places, %v wait", by[lead.Waitlist])
	}
}

func TestLostLeadFreesItsPlaceAndOneTakenUpAgainWaitsAtTheEnd(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Admin)
	limit(t, db, member, 1)
	for _, words := range []string{"first", "second", "third"} {
		receive(t, db, sent(words, words))
	}
	later := func(minutes int) {
		t.Helper()
		db.Close()
		db = pgtest.After(t, url, fmt.Sprintf("%d minutes", minutes))
		sweep(t, db)
	}
	pgtest.Move(t, db, "TB-0001", member, lead.Lost)
	later(11)
	pgtest.Move(t, db, "TB-0001", member, lead.Contacted)
	by := holders(t, db)
	if !slices.Equal(by[lead.Held], []string{"second"}) || !slices.Equal(by[lead.Waitlist], []string{"first", "third"}) {
		t.Errorf("got %v", by) // in the order of arrival
	}
	pgtest.Move(t, db, "TB-0002", member, lead.Contacted) // keeps its place
	pgtest.Move(t, db, "TB-0002", member, lead.Lost)
	later(22)
	if by = holders(t, db); !slices.Equal(by[lead.Held], []string{"third"}) {
		t.Errorf("held by %v", by[lead.Held])
	}
}

// TestNumberOnTheWaitlistNeverRises has leads join that arrived earlier than one that was told its number.
func TestNumberOnTheWaitlistNeverRises(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	member := addMember(t, db, staff.Admin)
	limit(t, db, member, 0)
	suspect := sent("1", "suspect")
	suspect.Signals = lead.Signals{Honeypot: "filled in", Undrawn: true, NoScript: true}
	if a, err := db.ReceiveLead(t.Context(), suspect); err != nil || a.Causes == nil {
		t.Fatal("it is not suspect", err)
	}
	withdrawn := receive(t, db, sent("2", "withdrawn"))
	if err := db.Withdraw(t.Context(), withdrawn); err != nil {
		t.Fatal(err)
	}
	told := receive(t, db, sent("3", "told"))
	wantNumber := func(token string, want int) {
		t.Helper()
		if l := byToken(t, db, token); l.Waiting != want {
			t.Errorf("%s is number %d, want %d", l.Project, l.Waiting, want)
		}
	}
	wantNumber(told, 1)

	byHand := sent("4", "by hand")
	byHand.Origin = lead.Origin{Member: member, Channel: lead.ByPhone, ReceivedAt: time.Now().AddDate(0, 0, -2)}
	if _, err := db.EnterLead(t.Context(), byHand, 0); err != nil {
		t.Fatal(err)
	}
	if err := db.Clear(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	if err := db.UndoWithdrawal(t.Context(), withdrawn); err != nil {
		t.Fatal(err)
	}
	wantNumber(told, 1)
	wantNumber(withdrawn, 4)

	batch, err := db.Quarantine(t.Context(), "TB-0003", member)
	if err != nil {
		t.Fatal(err)
	}
	wantNumber(withdrawn, 4) // the place in line is kept while that can be undone
	if err := db.UndoBatch(t.Context(), batch, member); err != nil {
		t.Fatal(err)
	}
	wantNumber(told, 1)
	wantNumber(withdrawn, 4)
}

func TestLostLeadThatIsNoSpamHoldsNoPlace(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	member := addMember(t, db, staff.Admin)
	limit(t, db, member, 1)
	receive(t, db, sent("1", "first"))
	receive(t, db, sent("2", "second"))
	pgtest.Move(t, db, "TB-0001", member, lead.Lost)
	if _, err := db.Quarantine(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	if err := db.Clear(t.Context(), "TB-0001", member); err != nil {
		t.Fatal(err)
	}
	later := pgtest.After(t, url, "11 minutes")
	sweep(t, later)
	if by := holders(t, later); !slices.Equal(by[lead.Held], []string{"second"}) {
		t.Errorf("held by %v", by[lead.Held])
	}
}

func settings(t *testing.T, db *postgres.DB) postgres.Settings {
	t.Helper()
	s, err := db.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// mails are the references of the leads that a mail of the kind waits for.
func mails(t *testing.T, db *postgres.DB, kind lead.DeliveryKind) (references []string) {
	t.Helper()
	open, err := db.OpenDeliveries(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range open {
		if d.Kind == kind {
			references = append(references, d.Reference)
		}
	}
	return references
}

func TestMonthThatAnotherZoneHadEnteredGetsTheLimitThatIsPromisedLater(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	turn := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	db := at(t, url, turn.Add(-12*time.Hour))
	member := addMember(t, db, staff.Admin)
	promise(t, db, member, func(p *lead.Promise) { p.Unlimited, p.TimeZone = true, "Pacific/Kiritimati" }) // January there
	for _, words := range []string{"1", "2", "3"} {
		receive(t, db, sent(words, words))
	}
	promise(t, db, member, func(p *lead.Promise) { p.Unlimited, p.Places, p.TimeZone = false, 2, "UTC" }) // December again
	if p := settings(t, at(t, url, turn.Add(time.Hour))).Places; p.Taken != 3 || p.Capacity != 3 || !p.Full() {
		t.Errorf("January has %+v", p)
	}
}
