package postgres_test

import (
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

// TestPromisesAndPlacesHoldWhateverHappensInWhateverOrder mixes everything that moves leads, places and clocks, over several
// months and time zones, with closed days, and looks after each step.
func TestPromisesAndPlacesHoldWhateverHappensInWhateverOrder(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	w := walk{T: t, url: url, db: pgtest.Open(t, url), random: pgtest.Random(t)}
	w.member = addMember(t, w.db, staff.Admin)
	limit(t, w.db, w.member, 2)
	for number := range pgtest.Rounds(t, "TIEBREAK_PLACE_STEPS", 150) {
		s := w.step(number)
		s.when = fmt.Sprintf("step %d: %s", number, s.says)
		w.check(s)
		t.Log(s.when)
		pgtest.Await(t, url, 0, everyPlaceCounted)
	}
}

// walk is the site of a walk, as it was after the last step.
type walk struct {
	*testing.T
	url            string
	db             *postgres.DB
	random         *rand.Rand
	member         int64
	hours, minutes int // that have passed
	batches        []*made
	before         map[string]lead.Lead // by reference
	numbers        map[string]int       // on the waitlist, by reference
}

// made is a change to a lead that can be undone.
type made struct {
	id    int64
	was   lead.Lead
	event int64         // the last one of the lead after it
	at    time.Duration // that had passed
}

// step is what was done, and to which lead: it changes no other.
type step struct {
	says, when string
	on         string // its reference, "" for none
	answers    bool   // it may stop the clock
	resumes    bool   // it may move the deadline: the time for which a lead was withdrawn does not count
	sweeps     bool   // it may erase closed leads
	undoes     *made  // the change that it may undo: things happened since that may or may not prevent it
	undone     *made  // the change that it does undo
}

// step does something at random.
func (w *walk) step(number int) step {
	leads := all(w.T, w.db)
	pick := w.random.IntN(20)
	if pick < 5 || len(leads) == 0 {
		l := sent(fmt.Sprint(number), fmt.Sprint(number))
		if pick == 4 {
			now, err := w.db.Now(w.Context())
			w.wantNilOr(err)
			before := time.Duration(w.random.IntN(100)) * time.Hour
			l.Origin = lead.Origin{Member: w.member, Channel: lead.ByPhone, ReceivedAt: now.Add(-before)}
			_, err = w.db.EnterLead(w.Context(), l, 0)
			w.wantNilOr(err)
			return step{says: fmt.Sprint("a lead is entered that arrived before, by ", before)}
		}
		receive(w.T, w.db, l)
		return step{says: "a lead arrives"}
	}
	if pick >= 15 {
		return w.stepOfSite(pick)
	}
	return w.stepOfLead(pick, number, leads[w.random.IntN(len(leads))])
}

// stepOfLead does something to the lead.
func (w *walk) stepOfLead(pick, number int, l lead.Lead) step {
	act := pgtest.Act(w.T, w.db, l.Reference, w.member)
	words := fmt.Sprint("words ", number)
	switch pick {
	case 5:
		w.wantNilOr(w.db.Withdraw(w.Context(), l.Token), fault.Conflict) // it is closed
		return step{says: "one withdraws", on: l.Reference}
	case 6, 7:
		if moves := l.Status.Moves(); len(moves) > 0 && !l.Suspect {
			w.made(l, pgtest.Move(w.T, w.db, l.Reference, w.member, moves[w.random.IntN(len(moves))]))
		}
		return step{says: "one is moved", on: l.Reference, answers: true}
	case 8:
		batch, err := w.db.Quarantine(w.Context(), l.Reference, w.member)
		if w.wantNilOr(err, fault.Forbidden); batch != 0 { // it is erased
			w.made(l, batch)
		}
		return step{says: "one is set aside", on: l.Reference}
	case 9:
		w.wantNilOr(w.db.Clear(w.Context(), l.Reference, w.member))
		return step{says: "one is taken in", on: l.Reference}
	case 10:
		return w.undo()
	case 11:
		w.wantNilOr(w.db.UndoWithdrawal(w.Context(), l.Token), fault.Conflict) // it is lost or won
		return step{says: "one that was withdrawn is resumed", on: l.Reference, resumes: true}
	case 12:
		w.wantNilOr(w.db.Reply(w.Context(), act, []byte(words), words), fault.Forbidden) // it is suspect or erased
		return step{says: "one is answered", on: l.Reference, answers: true}
	case 13:
		w.wantNilOr(w.db.AddNote(w.Context(), l.Token, lead.NoteForm{Text: words}), fault.Conflict) // it is closed
		return step{says: "one writes again", on: l.Reference}
	}
	f := lead.FollowUp{On: settings(w.T, w.db).Today.Day.AddDate(0, 0, w.random.IntN(40))}
	w.wantNilOr(w.db.SetFollowUp(w.Context(), act, f), fault.Forbidden) // it is suspect or left
	return step{says: "one is to be followed up", on: l.Reference}
}

// stepOfSite changes what is promised or when it is.
func (w *walk) stepOfSite(pick int) step {
	switch pick {
	case 15:
		promise(w.T, w.db, w.member, func(p *lead.Promise) {
			p.Places, p.Unlimited, p.ReplyHours = w.random.IntN(6), w.random.IntN(8) == 0, 1+w.random.IntN(72)
			p.TimeZone = []string{"UTC", "Pacific/Kiritimati", "Etc/GMT+12"}[w.random.IntN(3)]
		})
		return step{says: "the promise changes"}
	case 16:
		from := w.random.IntN(6)
		days := closed(w.T, w.db, from, from+w.random.IntN(5))
		err := w.db.SaveClosure(w.Context(), lead.Closure{}, days, w.member)
		if _, closedThen := errors.AsType[fault.Invalid](err); !closedThen {
			w.wantNilOr(err)
		}
		if w.random.IntN(3) == 0 {
			w.wantNilOr(w.db.RemoveClosure(w.Context(), 1+w.random.Int64N(30), w.member))
		}
		return step{says: "the closed days change"}
	case 17:
		return w.later(24*w.random.IntN(20), 0)
	case 18:
		return w.later(w.random.IntN(30), w.random.IntN(8))
	}
	sweep(w.T, w.db)
	return step{says: "the sweep runs", sweeps: true}
}

// made notes a change that can be undone.
func (w *walk) made(was lead.Lead, batch int64) {
	w.batches = append(w.batches, &made{batch, was, byToken(w.T, w.db, was.Token).Seen, w.passed()})
}

// undo undoes one of the last changes.
func (w *walk) undo() step {
	if len(w.batches) == 0 {
		return step{says: "nothing is there to be undone"}
	}
	last := w.batches[max(0, len(w.batches)-3):]
	m := last[w.random.IntN(len(last))]
	err := w.db.UndoBatch(w.Context(), m.id, w.member)
	w.wantNilOr(err, fault.Conflict) // it is too late
	s := step{says: "a change of " + m.was.Reference + " is undone", on: m.was.Reference, undoes: m}
	if untouched := w.before[m.was.Reference].Seen == m.event; untouched && w.passed()-m.at < lead.UndoTime-time.Minute {
		w.wantNilOr(err)
		s.undone = m
	}
	return s
}

// passed returns how much time has passed.
func (w *walk) passed() time.Duration {
	return time.Duration(w.hours)*time.Hour + time.Duration(w.minutes)*time.Minute
}

// later lets time pass.
func (w *walk) later(hours, minutes int) step {
	w.hours, w.minutes = w.hours+hours, w.minutes+minutes
	w.db.Close()
	w.db = pgtest.After(w.T, w.url, fmt.Sprintf("%d hours %d minutes", w.hours, w.minutes))
	return step{says: fmt.Sprintf("it is %d hours and %d minutes later", hours, minutes)}
}

func (w *walk) wantNilOr(err error, kinds ...fault.Kind) {
	w.Helper()
	if err != nil && !slices.ContainsFunc(kinds, func(kind fault.Kind) bool { return errors.Is(err, kind) }) {
		w.Fatal(err)
	}
}
