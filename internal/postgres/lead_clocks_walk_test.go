package postgres_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// TestClocksAndRecordHoldWhateverHappensInWhateverOrder mixes messages, answers, moves and what takes them back, and compares
// each step with what a few lines know of each lead.
func TestClocksAndRecordHoldWhateverHappensInWhateverOrder(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	w := clocksWalk{T: t, url: url, db: pgtest.Open(t, url), random: pgtest.Random(t), known: map[string]*known{}}
	w.member = addMember(t, w.db, staff.Admin)
	for step := range pgtest.Rounds(t, "TIEBREAK_CLOCK_STEPS", 200) {
		what := w.step(step)
		t.Logf("step %d: %s", step, what)
		w.check(fmt.Sprintf("step %d: %s", step, what))
	}
}

type clocksWalk struct {
	*testing.T
	url     string
	db      *postgres.DB
	random  *rand.Rand
	member  int64
	minutes int // that have passed
	known   map[string]*known
	last    change
}

// known is what should be true of a lead.
type known struct {
	due      time.Time
	answered bool // the first reply was given
	waits    bool // a message came since
	decisive int  // how many decisive events it has had
}

// change is the last one that can be undone.
type change struct {
	batch    int64
	lead     string
	was      bool // answered before
	decisive int  // events of the lead, with this one
}

// step does something at random, and says what.
func (w *clocksWalk) step(number int) string {
	leads := all(w.T, w.db)
	pick := w.random.IntN(14)
	if pick == 0 && len(leads) < 6 || len(leads) == 0 {
		l := byToken(w.T, w.db, receive(w.T, w.db, sent(fmt.Sprint(number), fmt.Sprint(number))))
		w.known[l.Reference] = &known{due: l.DueAt}
		return "a lead arrives"
	}
	l := leads[w.random.IntN(len(leads))]
	k := w.known[l.Reference]
	switch {
	case pick < 4:
		return w.write(l, k, number)
	case pick < 8:
		return w.answer(l, k, pick, number)
	case pick == 8:
		return w.move(l, k)
	case pick == 9:
		return w.undo()
	case pick == 10:
		return w.withdrawOrResume(l, k)
	case pick == 11:
		return w.suspectOrClear(l, k)
	case pick == 12:
		w.minutes += w.random.IntN(400)
		w.db.Close()
		w.db = pgtest.After(w.T, w.url, fmt.Sprintf("%d minutes", w.minutes))
		return "time passes"
	}
	sweep(w.T, w.db)
	return "the sweep runs"
}

// done reports whether an act was done: its error, if any, is of one of the kinds.
func (w *clocksWalk) done(k *known, err error, kinds ...error) bool {
	w.Helper()
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return false
		}
	}
	if err != nil {
		w.Fatal(err)
	}
	k.decisive++
	return true
}

func (w *clocksWalk) write(l lead.Lead, k *known, number int) string {
	err := w.db.AddNote(w.Context(), l.Token, lead.NoteForm{Text: "a message", Key: fmt.Sprint(number)})
	if w.done(k, err, fault.Conflict) {
		k.waits = k.waits || k.answered || l.Status != lead.New
	}
	return l.Reference + ": the prospect writes"
}

func (w *clocksWalk) answer(l lead.Lead, k *known, pick, number int) string {
	act, press := pgtest.Act(w.T, w.db, l.Reference, w.member), fmt.Append(nil, number)
	switch pick {
	case 4, 5:
		if w.done(k, w.db.Reply(w.Context(), act, press, "a reply"), fault.Forbidden) {
			k.answered, k.waits = true, false
		}
		return l.Reference + ": a member replies"
	case 6:
		if w.done(k, w.db.AddCall(w.Context(), act, lead.Message{Key: press, Text: "a call"}), fault.Forbidden) {
			k.answered, k.waits = true, false
		}
		return l.Reference + ": a member writes down a call"
	}
	w.done(&known{}, w.db.NeedNoAnswer(w.Context(), act)) // which is not decisive
	k.waits = false
	return l.Reference + ": no answer is needed"
}

func (w *clocksWalk) move(l lead.Lead, k *known) string {
	moves := l.Status.Moves()
	if l.Suspect || len(moves) == 0 {
		return l.Reference + " cannot be moved"
	}
	to := moves[w.random.IntN(len(moves))]
	batch := pgtest.Move(w.T, w.db, l.Reference, w.member, to)
	k.decisive++
	w.last = change{batch, l.Reference, k.answered, k.decisive}
	k.answered = k.answered || to != lead.Lost
	return l.Reference + " is moved to " + string(to)
}

func (w *clocksWalk) undo() string {
	if w.last.batch == 0 {
		return "there is nothing to undo"
	}
	last := w.last
	k := w.known[last.lead]
	prevented := k.decisive != last.decisive
	if w.done(k, w.db.UndoBatch(w.Context(), last.batch, w.member), fault.Conflict) && !prevented {
		k.answered = last.was
	}
	w.last = change{}
	return last.lead + ": the move is undone"
}

func (w *clocksWalk) withdrawOrResume(l lead.Lead, k *known) string {
	if l.Status != lead.Withdrawn {
		w.done(k, w.db.Withdraw(w.Context(), l.Token), fault.Conflict)
		return l.Reference + " is withdrawn"
	}
	if w.done(k, w.db.UndoWithdrawal(w.Context(), l.Token)) && !k.answered {
		k.due = byToken(w.T, w.db, l.Token).DueAt // the time of the withdrawal does not count
	}
	return l.Reference + " is taken up again"
}

func (w *clocksWalk) suspectOrClear(l lead.Lead, k *known) string {
	if l.Suspect {
		w.done(k, w.db.Clear(w.Context(), l.Reference, w.member))
		return l.Reference + " is not spam"
	}
	_, err := w.db.Quarantine(w.Context(), l.Reference, w.member)
	w.done(k, err)
	return l.Reference + " is spam"
}

// check compares all leads with what is known of them, and the record with the leads.
func (w *clocksWalk) check(when string) {
	w.Helper()
	inTime := 0
	for _, l := range all(w.T, w.db) {
		k := w.known[l.Reference]
		open := l.Status != lead.Withdrawn && !l.Suspect
		want := open && (l.Status == lead.New && !k.answered || k.waits)
		if !l.DueAt.Equal(k.due) || (l.AnsweredAt != nil) != k.answered || l.NeedsAnswer != want {
			w.Fatalf("%s: %s of %s is due %v, answered %v, needs an answer %v, want %+v", when, l.Reference, l.Status, l.DueAt,
				l.AnsweredAt, l.NeedsAnswer, *k)
		}
		if (l.AwaitingSince != nil) != k.waits {
			w.Fatalf("%s: %s awaits since %v, want %+v", when, l.Reference, l.AwaitingSince, *k)
		}
		if open && k.answered && !l.AnsweredAt.After(l.DueAt) {
			inTime++
		}
	}
	if got := settings(w.T, w.db).Record.InTime; got != inTime {
		w.Fatalf("%s: the record counts %d answered in time, want %d", when, got, inTime)
	}
}
