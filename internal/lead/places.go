package lead

import (
	"slices"
	"time"
)

// Place says whether a lead may start this month.
type Place string

const (
	Held     Place = "held"
	Waitlist Place = "waitlist"
	NoPlace  Place = "none" // withdrawn, lost, or from before places were counted
)

// Places is how intake stands in the month that it is in site time.
type Places struct {
	Month     time.Time // its first day
	Today     time.Time // the day, in site time
	Unlimited bool
	Monthly   int // how many open each month from the next on; nothing where Unlimited
	Capacity  int // how many there are this month; nothing where Unlimited
	Taken     int
	Waiting   int // leads on the waitlist
}

// Left returns how many places are free; it means nothing where they are unlimited.
func (p Places) Left() int { return max(p.Capacity-p.Taken, 0) }

// Full reports whether the next lead joins the waitlist.
func (p Places) Full() bool { return !p.Unlimited && p.Left() == 0 }

// Reopens reports whether the next month has places.
func (p Places) Reopens() bool { return p.Unlimited || p.Monthly > 0 }

// Next returns the first day of the month after.
func (p Places) Next() time.Time { return p.Month.AddDate(0, 1, 0) }

// endingDays is how many days before the end of a month nobody plans to start a project in it any more.
const endingDays = 7

// Ending reports whether the month has only a few days left, today included.
func (p Places) Ending() bool { return p.Next().Sub(p.Today) <= endingDays*24*time.Hour }

// RecordDays is how far back the record looks, in days.
const RecordDays = 90

// recordLeast is the number of leads below which a record would mislead.
const recordLeast = 10

// Record is how the promise of a reply was kept over the last RecordDays: of the leads whose time is over or that were
// answered, without those that were withdrawn or erased.
type Record struct {
	Due    int
	InTime int
	Median time.Duration // from arrival to answer
}

// Tells reports whether there are enough leads to speak of.
func (r Record) Tells() bool { return r.Due >= recordLeast }

// UntoldPlace reports whether a place came free for the prospect, and no member has spoken to them since, by the events of the
// lead, oldest first.
func (l Lead) UntoldPlace(history []Event) bool {
	if l.Place != Held {
		return false
	}
	for _, e := range slices.Backward(history) {
		switch e.Kind {
		case Placed:
			return true
		case Called, Replied:
			return false
		}
	}
	return false
}
