package postgres_test

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tiebreak/internal/lead"
)

// everyPlaceCounted is true while each place that is taken is held by a lead or kept for one.
const everyPlaceCounted = `NOT EXISTS (
	SELECT FROM months m
	WHERE m.taken <> (SELECT count(*) FROM leads WHERE month = m.month) +
	                 (SELECT count(*) FROM kept_places k JOIN leads l ON l.id = k.lead_id
	                  WHERE k.month = m.month AND l.place = 'none'))`

// check checks after a step what must always hold.
func (w *walk) check(s step) {
	w.Helper()
	leads := all(w.T, w.db)
	slices.SortFunc(leads, func(a, b lead.Lead) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt), cmp.Compare(a.Reference, b.Reference))
	})
	w.checkPlaces(s, leads)
	w.checkRecord(s, leads)
	now := map[string]lead.Lead{}
	for _, l := range leads {
		now[l.Reference] = l
		if was, known := w.before[l.Reference]; known {
			w.checkChange(s, was, l)
		} else {
			w.checkPromise(s, l)
		}
	}
	if len(now) < len(w.before) {
		w.Fatalf("%s: %d leads became %d", s.when, len(w.before), len(now))
	}
	if m := s.undone; m != nil {
		w.checkUndone(s, m.was, now[m.was.Reference])
	}
	w.before, w.numbers = now, map[string]int{}
	for _, l := range leads {
		if l.Place == lead.Waitlist {
			w.numbers[l.Reference] = byToken(w.T, w.db, l.Token).Waiting
		}
	}
}

// checkPlaces checks that places are counted, that none went past somebody who was before in line, and that no number that
// somebody was told rises.
func (w *walk) checkPlaces(s step, leads []lead.Lead) {
	w.Helper()
	held := map[time.Time]int{}
	first, last := math.MaxInt, 0 // of those who were on the waitlist: the first who still is, and the last who got a place
	for _, l := range leads {
		was, known := w.before[l.Reference]
		if l.Place == lead.Held {
			held[l.Month]++
		}
		if l.Place != lead.NoPlace && !l.Status.Open() && l.Status != lead.Won {
			w.Fatalf("%s: %s is %s and has %s", s.when, l.Reference, l.Status, l.Place)
		}
		switch told := w.numbers[l.Reference]; {
		case told > 0 && l.Place == lead.Waitlist:
			first = min(first, told)
			if now := byToken(w.T, w.db, l.Token).Waiting; now > told {
				w.Fatalf("%s: %s was told number %d and is number %d", s.when, l.Reference, told, now)
			}
		case told > 0 && l.Place == lead.Held:
			last = max(last, told)
		case !known && l.Place == lead.Held:
			last = math.MaxInt - 1
		}
		if was.Place == lead.Held && l.Place == lead.Waitlist {
			w.Fatalf("%s: %s lost its place", s.when, l.Reference)
		}
	}
	if first < last {
		w.Fatalf("%s: number %d got a place, and number %d waits", s.when, last, first)
	}
	p := settings(w.T, w.db).Places
	if n := held[p.Month]; n > p.Taken || !p.Unlimited && p.Taken > p.Capacity {
		w.Fatalf("%s: %d hold a place, told %+v", s.when, n, p)
	}
}

// checkPromise checks what a lead is promised that has just arrived: the hours count from the first day on which the site is
// open.
func (w *walk) checkPromise(s step, l lead.Lead) {
	w.Helper()
	read, err := w.db.Closures(w.Context())
	w.wantNilOr(err)
	p := settings(w.T, w.db).Promise
	zone := p.Location() // of these zones none has days that begin late
	from, day := l.ReceivedAt, lead.Day(l.ReceivedAt.In(zone))
	for slices.ContainsFunc(read.Closures, func(c lead.Closure) bool { return c.Now(day) }) {
		day = day.AddDate(0, 0, 1)
		from = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	}
	if due := from.Add(time.Duration(p.ReplyHours) * time.Hour); !l.CountedFrom.Equal(from) || !l.DueAt.Equal(due) {
		w.Fatalf("%s: %s arrived at %v and is due at %v, counted from %v; want %v, counted from %v\n%+v", s.when, l.Reference,
			l.ReceivedAt, l.DueAt, l.CountedFrom, due, from, read)
	}
}

// checkChange checks what became of a lead that was there before the step.
func (w *walk) checkChange(s step, was, l lead.Lead) {
	w.Helper()
	moved := !was.DueAt.Equal(l.DueAt)
	if moved && (s.on != l.Reference || !s.resumes || l.DueAt.Before(was.DueAt)) || !was.CountedFrom.Equal(l.CountedFrom) {
		w.Fatalf("%s: %s was due at %v, now at %v", s.when, l.Reference, was.DueAt, l.DueAt)
	}
	erased := s.sweeps && l.Status == lead.Erased && (!was.Status.Open() || was.Suspect)
	if s.on != l.Reference && !erased && (was.Status != l.Status || was.Suspect != l.Suspect) {
		w.Fatalf("%s: %s was %s and is %s", s.when, l.Reference, was.Status, l.Status)
	}
	if was.AnsweredAt == nil && l.AnsweredAt != nil && (s.on != l.Reference || !s.answers) {
		w.Fatalf("%s: %s counts as answered", s.when, l.Reference)
	}
	kept := was.AnsweredAt == nil || l.AnsweredAt != nil && l.AnsweredAt.Equal(*was.AnsweredAt)
	putBack := s.undoes != nil && s.on == l.Reference && s.undoes.was.AnsweredAt == nil && l.AnsweredAt == nil
	if !kept && !putBack {
		w.Fatalf("%s: %s was answered at %v, now at %v", s.when, l.Reference, was.AnsweredAt, l.AnsweredAt)
	}
}

// checkUndone checks that a lead is what it was before a change, and nowhere else.
func (w *walk) checkUndone(s step, was, l lead.Lead) {
	w.Helper()
	answered := func(l lead.Lead) time.Time {
		if l.AnsweredAt == nil {
			return time.Time{}
		}
		return *l.AnsweredAt
	}
	if l.Status != was.Status || l.Suspect != was.Suspect || !answered(l).Equal(answered(was)) ||
		was.Place == lead.Held && (l.Place != lead.Held || !l.Month.Equal(was.Month)) ||
		was.Place == lead.Waitlist && l.Place == lead.NoPlace {
		w.Fatalf("%s: it was\n%+v\nand is\n%+v", s.when, was, l)
	}
}

// checkRecord checks that the record counts the leads that were answered or whose time is over, and no others.
func (w *walk) checkRecord(s step, leads []lead.Lead) {
	w.Helper()
	now, err := w.db.Now(w.Context())
	w.wantNilOr(err)
	var want lead.Record
	for _, l := range leads {
		switch {
		case !l.ReceivedAt.After(now.AddDate(0, 0, -lead.RecordDays)) || !l.ReplyDue():
		case l.AnsweredAt != nil && !l.AnsweredAt.After(l.DueAt):
			want.Due, want.InTime = want.Due+1, want.InTime+1
		case l.AnsweredAt != nil || !l.DueAt.After(now):
			want.Due++
		}
	}
	if got := settings(w.T, w.db).Record; got.Due != want.Due || got.InTime != want.InTime {
		w.Fatalf("%s: the record has %d of %d in time, want %d of %d", s.when, got.InTime, got.Due, want.InTime, want.Due)
	}
}
