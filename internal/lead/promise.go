package lead

import (
	"fmt"
	"time"
	_ "time/tzdata" // the zones, where the system has none

	"tiebreak/internal/fault"
)

// Promise is the settings behind the page's words.
type Promise struct {
	ReplyHours int    // absolute hours
	Places     int    // intake places a month
	Unlimited  bool   // no limit on intake; Places is then what it was
	TimeZone   string // IANA name; months are counted and times shown in it
}

// Bounds of a promise.
const (
	MaxReplyHours = 720
	MaxPlaces     = 100_000
)

// Check returns what has to be corrected, in the order of the form, or nil.
func (p Promise) Check() fault.Invalid {
	var wrong fault.Invalid
	if p.ReplyHours < 1 || p.ReplyHours > MaxReplyHours {
		wrong = append(wrong, fault.Field{Name: "reply_hours", Message: fmt.Sprintf("Enter a whole number of hours from 1 to %d.", MaxReplyHours)})
	}
	if p.Places < 0 || p.Places > MaxPlaces {
		wrong = append(wrong, fault.Field{Name: "places", Message: fmt.Sprintf("Enter a whole number from 0 to %d, or tick that there is no limit.", MaxPlaces)})
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		wrong = append(wrong, fault.Field{Name: "time_zone", Message: "Choose a time zone from the list, such as Europe/Paris or UTC."})
	}
	return wrong
}

// Reply is the promised time in words: "24 hours".
func (p Promise) Reply() string {
	if p.ReplyHours == 1 {
		return "1 hour"
	}
	return fmt.Sprintf("%d hours", p.ReplyHours)
}

// Location is the zone that times are shown in; UTC if the name means nothing here.
func (p Promise) Location() *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}
