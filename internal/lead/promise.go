package lead

import (
	"fmt"
	"time"
)

// Promise is the settings behind the page's words.
type Promise struct {
	ReplyHours int    // absolute hours
	Places     int    // intake places a month
	TimeZone   string // IANA name; months are counted and times shown in it
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
