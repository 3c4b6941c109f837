package postgres_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// TestPlacesHoldWhateverHappensInWhateverOrder mixes everything that moves places, over two instances and several months,
// and looks after each step.
func TestPlacesHoldWhateverHappensInWhateverOrder(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	w := placesWalk{T: t, url: url, db: pgtest.Open(t, url), random: pgtest.Random(t)}
	w.member = addMember(t, w.db, staff.Admin)
	limit(t, w.db, w.member, 2)
	before := map[string]lead.Lead{}
	for step := range pgtest.Rounds(t, "TIEBREAK_PLACE_STEPS", 150) {
		when := fmt.Sprintf("step %d: %s", step, w.step(step))
		before = wantPlacesInOrder(t, w.db, before, when)
		t.Log(when)
		pgtest.Await(t, url, 0, everyPlaceCounted)
	}
}

type placesWalk struct {
	*testing.T
	url            string
	db             *postgres.DB
	random         *rand.Rand
	member         int64
	hours, minutes int // that have passed
	batches        []int64
}

// step does something at random, and says what.
func (w *placesWalk) step(number int) string {
	leads := all(w.T, w.db)
	pick := w.random.IntN(15)
	if pick < 5 || len(leads) == 0 {
		receive(w.T, w.db, sent(fmt.Sprint(number), fmt.Sprint(number)))
		return "a lead arrives"
	}
	switch l := leads[w.random.IntN(len(leads))]; {
	case pick == 5:
		w.wantNilOr(w.db.Withdraw(w.Context(), l.Token), fault.Conflict) // it is closed
		return "one withdraws"
	case pick == 6:
		if moves := l.Status.Moves(); len(moves) > 0 && !l.Suspect {
			w.batches = append(w.batches, pgtest.Move(w.T, w.db, l.Reference, w.member, moves[w.random.IntN(len(moves))]))
		}
		return "one is moved"
	case pick == 7:
		promise(w.T, w.db, w.member, func(p *lead.Promise) {
			p.Places, p.Unlimited = w.random.IntN(6), w.random.IntN(8) == 0
			p.TimeZone = []string{"UTC", "Pacific/Kiritimati", "Etc/GMT+12"}[w.random.IntN(3)]
		})
		return "the promise changes"
	case pick == 8:
		return w.later(24*w.random.IntN(20), 0)
	case pick == 9:
		batch, err := w.db.Quarantine(w.Context(), l.Reference, w.member)
		w.wantNilOr(err, fault.Forbidden) // it is erased
		w.batches = append(w.batches, batch)
		return "one is set aside"
	case pick == 10:
		w.wantNilOr(w.db.Clear(w.Context(), l.Reference, w.member))
		return "one is taken in"
	case pick == 11 && len(w.batches) > 0:
		last := w.batches[max(0, len(w.batches)-3):]
		err := w.db.UndoBatch(w.Context(), last[w.random.IntN(len(last))], w.member)
		w.wantNilOr(err, fault.Conflict, fault.NotFound) // it is too late, or there was nothing to do
		return "a change is undone"
	case pick == 12:
		w.wantNilOr(w.db.UndoWithdrawal(w.Context(), l.Token), fault.Conflict) // it is lost or won
		return "one that was withdrawn is resumed"
	case pick == 13:
		return w.later(0, w.random.IntN(8))
	}
	sweep(w.T, w.db)
	return "the sweep runs"
}

// later lets time pass.
func (w *placesWalk) later(hours, minutes int) string {
	w.hours, w.minutes = w.hours+hours, w.minutes+minutes
	w.db.Close()
	w.db = pgtest.After(w.T, w.url, fmt.Sprintf("%d hours %d minutes", w.hours, w.minutes))
	return fmt.Sprintf("it is %d hours and %d minutes later", hours, minutes)
}

func (w *placesWalk) wantNilOr(err error, kinds ...fault.Kind) {
	w.Helper()
	if err != nil && !slices.ContainsFunc(kinds, func(kind fault.Kind) bool { return errors.Is(err, kind) }) {
		w.Fatal(err)
	}
}

// everyPlaceCounted is true while each place that is taken is held by a lead or kept for one.
const everyPlaceCounted = `NOT EXISTS (
	SELECT FROM months m
	WHERE m.taken <> (SELECT count(*) FROM leads WHERE month = m.month) +
	                 (SELECT count(*) FROM kept_places k JOIN leads l ON l.id = k.lead_id
	                  WHERE k.month = m.month AND l.place = 'none'))`

// wantPlacesInOrder checks what must always hold, and that no place went past somebody who waited longer.
func wantPlacesInOrder(t *testing.T, db *postgres.DB, before map[string]lead.Lead, when string) map[string]lead.Lead {
	t.Helper()
	held, now := map[time.Time]int{}, map[string]lead.Lead{}
	leads := all(t, db)
	slices.SortFunc(leads, func(a, b lead.Lead) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.Reference, b.Reference))
	})
	somebodyWaits := false
	for _, l := range leads {
		now[l.Reference] = l
		if l.Place == lead.Held {
			held[l.Month]++
		}
		if l.Place != lead.NoPlace && !l.Status.Open() && l.Status != lead.Won {
			t.Fatalf("%s: %s is %s and has %s", when, l.Reference, l.Status, l.Place)
		}
		if was, known := before[l.Reference]; somebodyWaits && l.Place == lead.Held && (!known || was.Place == lead.Waitlist) {
			t.Fatalf("%s: %s got a place past somebody who waited longer", when, l.Reference)
		}
		if was := before[l.Reference]; was.Place == lead.Held && l.Place == lead.Waitlist {
			t.Fatalf("%s: %s lost its place", when, l.Reference)
		}
		somebodyWaits = somebodyWaits || l.Place == lead.Waitlist
	}
	s := settings(t, db)
	if n := held[s.Places.Month]; n > s.Places.Taken || !s.Places.Unlimited && s.Places.Taken > s.Places.Capacity {
		t.Fatalf("%s: %d hold a place, told %+v", when, n, s.Places)
	}
	return now
}
