package lead

import (
	"slices"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Range is some days in the site's zone, the first and the last included.
type Range struct {
	First, Last time.Time // days, at midnight UTC
	Zone        string    // IANA name
}

// Day returns the calendar day of t in its zone, at midnight UTC.
func Day(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }

// LastDays returns the n days that end with last.
func LastDays(last time.Time, n int, zone string) Range {
	return Range{last.AddDate(0, 0, 1-n), last, zone}
}

// ReadRange reads two days as they were typed, "2026-11-25". Without a last day it ends today, without a first one it is as
// long as the record.
func ReadRange(from, to string, today time.Time, zone string) (Range, fault.Invalid) {
	var wrong fault.Invalid
	read := func(name, typed string) time.Time {
		day, err := time.Parse(time.DateOnly, text.Numeric(typed))
		if err != nil {
			wrong.Add(name, "Enter a date with year, month and day, such as "+today.Format(time.DateOnly)+".")
		}
		return day
	}
	r := Range{Last: today, Zone: zone}
	if from != "" {
		r.First = read("from", from)
	}
	if to != "" {
		r.Last = read("to", to)
	}
	if from == "" {
		r.First = LastDays(r.Last, RecordDays, zone).First
	}
	if wrong == nil && r.Last.Before(r.First) {
		wrong.Add("to", "The last day is before the first: enter "+from+" or a later date.")
	}
	return r, wrong
}

// From returns the first day as it is typed.
func (r Range) From() string { return r.First.Format(time.DateOnly) }

// To returns the last day as it is typed.
func (r Range) To() string { return r.Last.Format(time.DateOnly) }

// Unit is what a range is cut into.
type Unit string

const (
	Week  Unit = "week" // from Monday, as in ISO 8601
	Month Unit = "month"
)

// maxWeeks is the length up to which a range still reads week by week.
const maxWeeks = 40

// Unit returns weeks, or months where weeks would be too many to read.
func (r Range) Unit() Unit {
	if r.First.AddDate(0, 0, 7*maxWeeks).After(r.Last) {
		return Week
	}
	return Month
}

// Period is a week or a month, as far as it lies in a range.
type Period struct {
	Start       time.Time // the first day of the whole week or month
	First, Last time.Time // days
	Replies
}

// Periods cuts the range into its unit. Before the day of the first lead and after today there is nothing to tell.
func (r Range) Periods(firstLead, today time.Time) []Period {
	unit, last := r.Unit(), earlier(r.Last, today)
	var periods []Period
	for start := unit.start(later(r.First, firstLead)); !start.After(last); start = unit.next(start) {
		end := unit.next(start).AddDate(0, 0, -1)
		periods = append(periods, Period{Start: start, First: later(start, r.First), Last: earlier(end, last)})
	}
	return periods
}

func (u Unit) start(day time.Time) time.Time {
	if u == Month {
		return day.AddDate(0, 0, 1-day.Day())
	}
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

func (u Unit) next(start time.Time) time.Time {
	if u == Month {
		return start.AddDate(0, 1, 0)
	}
	return start.AddDate(0, 0, 7)
}

func earlier(a, b time.Time) time.Time { return slices.MinFunc([]time.Time{a, b}, time.Time.Compare) }

func later(a, b time.Time) time.Time { return slices.MaxFunc([]time.Time{a, b}, time.Time.Compare) }

// Replies is how the promise of a reply was kept to leads that arrived in some days. As in the Record, they are those whose
// time is over or that were answered, without those that were withdrawn, erased or set aside.
type Replies struct {
	Due     int
	InTime  int
	Late    int           // answered after the promised time
	Overdue int           // not answered, and the promised time is over
	Median  time.Duration // from arrival to the first reply; 0 without a reply
	P90     time.Duration // within which nine of ten got their first reply
}

// Answered returns how many got a reply.
func (r Replies) Answered() int { return r.InTime + r.Late }

// Percent returns how many of a hundred were answered in time, rounded down: only all of them are 100. It means nothing where
// none was due.
func (r Replies) Percent() int { return 100 * r.InTime / max(r.Due, 1) }

// GuideLeads are the leads of one guide, by the option that they lean to.
type GuideLeads struct {
	Guide   string // slug; "" for general requests
	Title   string
	Views   int // how often it was opened on these days
	Leads   int
	Won     int // of the leads
	Options []OptionLeads
}

// GuideViews is how often a guide was opened.
type GuideViews struct {
	Guide, Title string
	Views        int
}

// WithViews returns the guides with how often each was opened. Those without a lead follow.
func WithViews(guides []GuideLeads, views []GuideViews) []GuideLeads {
	for _, v := range views {
		i := slices.IndexFunc(guides, func(g GuideLeads) bool { return g.Guide == v.Guide })
		if i < 0 {
			guides, i = append(guides, GuideLeads{Guide: v.Guide, Title: v.Title}), len(guides)
		}
		guides[i].Views = v.Views
	}
	return guides
}

// OptionLeads are the leads that lean to one option, or are undecided.
type OptionLeads struct {
	Option, Name string // slug or Undecided
	Position     int    // in the guide as it is now, from 1; 0 if it is not there
	Leads        int
	Won          int // of the leads
}

// TickLeads are the leads that ticked one condition, as it was worded then.
type TickLeads struct {
	Guide, Title string
	Option, Name string
	Position     int // of the option, as in OptionLeads
	Text         string
	Leads        int
}

// MaxTicks is how many conditions are listed.
const MaxTicks = 50

// SuspectsNew is how long a suspect counts as a new one.
const SuspectsNew = 24 * time.Hour

// NewSuspects are the references of the suspects that one mail tells of.
type NewSuspects []string

// SuspectLeads are the suspects, and for how many of them each cause was found: one may have several.
type SuspectLeads struct {
	Leads    int
	ByMember int // set aside by a member, without a cause
	Causes   []CauseLeads
}

// CauseLeads are the suspects for which one cause was found.
type CauseLeads struct {
	Cause Cause
	Leads int
}
