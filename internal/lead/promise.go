package lead

import (
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // the zones, where the system has none

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Promise is the settings behind the page's words.
type Promise struct {
	ReplyHours  int    // absolute hours, for the first reply
	AnswerHours int    // absolute hours, for what the prospect writes after that
	Places      int    // intake places a month
	Unlimited   bool   // no limit on intake; Places is then what it was
	TimeZone    string // IANA name; months are counted and times shown in it
	Keep        Retention
}

// Retention is for how many days closed leads are kept before they are erased; 0 is until somebody erases them.
type Retention struct{ Won, Lost, Withdrawn, Suspect int }

// MaxKeep is the longest retention, in days.
const MaxKeep = 3650

// Bounds of a promise.
const (
	MaxReplyHours = 720
	MaxPlaces     = 100_000
)

// Check returns what has to be corrected, in the order of the form, or nil.
func (p Promise) Check() fault.Invalid {
	var wrong fault.Invalid
	hours := func(name string, n int) {
		if n < 1 || n > MaxReplyHours {
			wrong.Add(name, fmt.Sprintf("Enter a whole number of hours from 1 to %d.", MaxReplyHours))
		}
	}
	hours("reply_hours", p.ReplyHours)
	hours("answer_hours", p.AnswerHours)
	if p.Places < 0 || p.Places > MaxPlaces {
		wrong.Add("places", fmt.Sprintf("Enter a whole number from 0 to %d, or tick “No limit on places”.", MaxPlaces))
	}
	CheckTimeZone(&wrong, p.TimeZone)
	keep := func(name string, days int) {
		if days < 0 || days > MaxKeep {
			wrong.Add(name, fmt.Sprintf("Enter a whole number of days from 1 to %d, or 0 to keep them until someone erases them.",
				MaxKeep))
		}
	}
	keep("keep_won", p.Keep.Won)
	keep("keep_lost", p.Keep.Lost)
	keep("keep_withdrawn", p.Keep.Withdrawn)
	keep("keep_suspect", p.Keep.Suspect)
	return wrong
}

// CheckTimeZone adds what is wrong with the name of a time zone, if it is not one.
func CheckTimeZone(wrong *fault.Invalid, name string) {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		wrong.Add("time_zone", "Enter a time zone, such as Europe/Paris or UTC.")
	}
}

// ReadNumber returns the whole number that was typed, or -1, which no setting allows.
func ReadNumber(typed string) int {
	n, err := strconv.Atoi(text.Numeric(typed))
	if err != nil {
		return -1
	}
	return n
}

// Reply returns the promised time in words: "24 hours".
func (p Promise) Reply() string {
	if p.ReplyHours == 1 {
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", p.ReplyHours)
}

// Location returns the zone that times are shown in; UTC if the name is unknown here.
func (p Promise) Location() *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// DeadlineDay returns a deadline in the site's zone, and whether it is the end of that day: midnight, which would otherwise stand
// at the beginning of the day after.
func (p Promise) DeadlineDay(due time.Time) (day time.Time, end bool) {
	day = due.In(p.Location())
	if day.Hour() != 0 || day.Minute() != 0 {
		return day, false
	}
	return day.Add(-time.Minute), true
}

// typedTimes are the forms in which a browser or a person writes a time without its zone.
var typedTimes = []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"}

// SiteTime returns the moment of a time that was typed in the zone, or what is wrong with it. When the clocks change, some times
// do not exist and some come twice: both are wrong.
func SiteTime(typed string, zone *time.Location) (at time.Time, problem string) {
	for _, form := range typedTimes {
		var err error
		if at, err = time.ParseInLocation(form, typed, zone); err != nil {
			continue
		}
		switch {
		case at.Format(form) != typed:
			return at, "The clocks go forward that day, and this time does not exist. Choose another time."
		case comesTwice(at):
			return at, "The clocks go back that day, and this time comes twice. Choose a time at least an hour earlier or later."
		}
		return at, ""
	}
	return at, "Enter a date and a time, such as 2026-12-01 09:00."
}

// comesTwice reports whether the clocks show the same time at another moment of the day.
func comesTwice(at time.Time) bool {
	_, offset := at.Zone()
	for _, nearby := range []time.Time{at.AddDate(0, 0, -1), at.AddDate(0, 0, 1)} {
		_, other := nearby.Zone()
		again := at.Add(time.Duration(offset-other) * time.Second)
		if _, then := again.Zone(); other != offset && then == other {
			return true
		}
	}
	return false
}
