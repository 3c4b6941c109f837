package guide

import "time"

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
