package lead

import (
	"fmt"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Closure is some days in a row on which the site is closed. The promise of a reply to a
// lead that arrives then counts from the reopening.
type Closure struct {
	ID       int64
	From     time.Time // the first closed day, and
	Until    time.Time // the last one, both at midnight UTC
	Sentence string    // for visitors, in the studio's own words; "" for none
}

// Closed is what pages say while the site is closed; the zero says that it is open.
type Closed struct {
	Reopens  time.Time // the first moment of the next day that is not closed
	Sentence string    // for visitors, "" for none
}

// Yes reports whether the site is closed.
func (c Closed) Yes() bool { return !c.Reopens.IsZero() }

// Bounds of a closure.
const (
	MaxClosedDays     = 366
	MaxClosedSentence = 300 // characters
)

// Past reports whether the last of the days is over.
func (c Closure) Past(today time.Time) bool { return c.Until.Before(today) }

// Now reports whether today is one of the days.
func (c Closure) Now(today time.Time) bool { return !c.From.After(today) && !c.Past(today) }

// overlaps reports whether the two closures share a day.
func (c Closure) overlaps(other Closure) bool {
	return !c.From.After(other.Until) && !c.Until.Before(other.From)
}

// Check returns what has to be corrected in a closure before it is stored in place of the one that was seen, the zero for a new
// one; others are those that are entered. Promises were made in the days that have passed, so those stay as they were.
func (c Closure) Check(seen Closure, others []Closure, today time.Time) fault.Invalid {
	var wrong fault.Invalid
	switch begun := seen.ID != 0 && seen.From.Before(today); {
	case c.From.IsZero():
		wrong.Add("from", WrongDay)
	case begun && !c.From.Equal(seen.From):
		wrong.Add("from", "These days have begun, so the first one stays "+SayDay(seen.From)+".")
	case !begun && c.From.Before(today):
		wrong.Add("from", "Enter today or a later day.")
	}
	switch {
	case c.Until.IsZero():
		wrong.Add("until", WrongDay)
	case c.Until.Before(today):
		wrong.Add("until", "Enter today or a later day.")
	case c.Until.Before(c.From):
		wrong.Add("until", "Enter a day that is not before the first one.")
	case !c.From.IsZero() && c.Until.Sub(c.From) >= MaxClosedDays*24*time.Hour:
		wrong.Add("until", "Enter a day within a year of the first one.")
	}
	if utf8.RuneCountInString(c.Sentence) > MaxClosedSentence {
		wrong.Add("sentence", fmt.Sprintf("Use at most %d characters.", MaxClosedSentence))
	}
	for _, other := range others {
		if wrong == nil && other.ID != c.ID && c.overlaps(other) {
			wrong.Add("from", "You are already closed then: "+other.Days()+". Choose other days, or change those.")
		}
	}
	return wrong
}

// Days returns the days in words: "Thu 24 Dec 2026 to Sun 3 Jan 2027".
func (c Closure) Days() string {
	if c.From.Equal(c.Until) {
		return SayDay(c.From)
	}
	return SayDay(c.From) + " to " + SayDay(c.Until)
}

// SayDay returns a day in words: "Thu 24 Dec 2026".
func SayDay(day time.Time) string { return day.Format("Mon 2 Jan 2006") }

// WrongDay says what to type as a day.
const WrongDay = "Enter a date with year, month and day, such as 2026-12-24."

// ReadDay returns the day that was typed, as midnight UTC, or the zero if that is not a day.
func ReadDay(typed string) time.Time {
	day, err := time.Parse(time.DateOnly, text.Numeric(typed))
	if err != nil {
		return time.Time{}
	}
	return day
}
