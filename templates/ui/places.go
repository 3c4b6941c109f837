package ui

import (
	"fmt"
	"time"

	"tiebreak/internal/lead"
)

// PromisedReply says how the promised time of this lead was counted, whatever is promised now; "" if no time was promised.
func PromisedReply(l lead.Lead, p lead.Promise) string {
	if l.DueAt.IsZero() {
		return ""
	}
	span := l.DueAt.Sub(l.CountedFrom)
	if span%time.Hour != 0 { // whole hours are promised: the undo of a withdrawal moved the deadline
		return "We do not count the time for which your request was withdrawn."
	}
	hours := lead.Promise{ReplyHours: int(span.Hours())}.Reply()
	if l.WhileClosed() {
		return fmt.Sprintf("That is %s after our reopening on %s: we were closed when your request arrived.", hours,
			ReopeningDay(l.CountedFrom, p))
	}
	return "That is " + hours + " after your request arrived."
}

// ReopeningDay returns the day of a reopening in site time: "Monday 4 January 2027".
func ReopeningDay(reopens time.Time, p lead.Promise) string {
	return reopens.In(p.Location()).Format("Monday 2 January 2006")
}

// ClosedPromise says by when we reply to a request that is sent while the site is closed.
func ClosedPromise(c lead.Closed, p lead.Promise) string {
	due := c.Reopens.Add(time.Duration(p.ReplyHours) * time.Hour)
	return fmt.Sprintf("You can send a request now. We reply within %s of reopening: by %s.", p.Reply(), Deadline(due, p))
}

// PlacesSummary says how intake stands, in one sentence: "3 of 8 places left in November". In the last days of a month nobody
// starts a project in it: "3 places free now, 8 more from 1 December".
func PlacesSummary(p lead.Places) string {
	switch {
	case p.Unlimited:
		return "No limit on new projects at the moment"
	case p.Full() && !p.Reopens():
		return "We are not taking on new projects at the moment"
	case p.Full():
		return fmt.Sprintf("%s is full: join the waitlist for %s", monthName(p.Month), monthName(p.Next()))
	case p.Ending() && p.Reopens():
		return fmt.Sprintf("%s free now, %d more from %s", Count(p.Left(), "place", "places"), p.Monthly, openingDay(p))
	case p.Ending():
		return Count(p.Left(), "place", "places") + " free now"
	}
	return fmt.Sprintf("%d of %s left in %s", p.Left(), Count(p.Capacity, "place", "places"), monthName(p.Month))
}

// PlacesMeaning says what that means for somebody who sends a request now.
func PlacesMeaning(p lead.Places) string {
	switch {
	case p.Unlimited:
		return "Your project can start as soon as we agree to work together."
	case p.Full():
		return "We still reply to your request and put you on the waitlist. " + waitlistMeaning(p)
	}
	words := "We start a limited number of projects. With a place, "
	if p.Reopens() {
		words = fmt.Sprintf("We start up to %s a month. With a place, ", Count(p.Monthly, "project", "projects"))
	}
	if p.Ending() {
		words += fmt.Sprintf("yours can start as soon as we agree to work together, even after %s ends. ", monthName(p.Month))
	} else {
		words += "yours can start this month if we agree to work together. "
	}
	words += "When all places are taken, we still reply and put you on the waitlist"
	if p.Reopens() {
		words += " for " + monthName(p.Next())
	}
	return words + "."
}

// waitlistMeaning says when somebody on the waitlist may get a place.
func waitlistMeaning(p lead.Places) string {
	if !p.Reopens() {
		return "We do not know yet when new places open. A place that becomes free goes to the first person on the waitlist."
	}
	return fmt.Sprintf("New places open on %s. If a place becomes free earlier, it goes to the first person on the waitlist.",
		openingDay(p))
}

// MonthYear returns the name of the month of a lead's place, which may be long ago.
func MonthYear(first time.Time) string { return first.Format("January 2006") }

// monthName returns the name of this month or the next, so it needs no year.
func monthName(first time.Time) string { return first.Format("January") }

// openingDay returns the day on which the next places open.
func openingDay(p lead.Places) string { return p.Next().Format("2 January") }

// LeadPlace says what a prospect has, a place or a number on the waitlist, and what that means. A lead without either has
// nothing that is worth a word.
func LeadPlace(l lead.Lead, p lead.Places) (has, means string) {
	switch l.Place {
	case lead.Held:
		has = fmt.Sprintf("We have reserved a place for you in %s.", MonthYear(l.Month))
		if p.Ending() || l.Month.Before(p.Month) {
			return has, "The place stays yours after that month. Your project can start as soon as we agree to work together."
		}
		return has, "Your project can start in that month if we agree to work together."
	case lead.Waitlist:
		has, means = fmt.Sprintf("You are number %d on the waitlist.", l.Waiting), waitlistMeaning(p)
		if l.Email != "" {
			means += " We will email you as soon as you get one."
		}
		return has, means
	}
	return "", ""
}

// ReplyRecord returns the record in one sentence: "Last 90 days: 46 of 48 answered in time, median 3 h".
func ReplyRecord(r lead.Record) string {
	return fmt.Sprintf("Last %d days: %d of %d answered in time, median %s", lead.RecordDays, r.InTime, r.Due,
		RoughDuration(r.Median))
}

// RoughDuration returns a time span as a person says it: minutes up to two hours, then hours.
func RoughDuration(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "under a minute"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("%d h", int(d.Round(time.Hour).Hours()))
}

// Deadline returns a promised time in full, with its zone: "Thursday 26 November 2026, 16:40 UTC".
func Deadline(t time.Time, p lead.Promise) string {
	if t.IsZero() {
		return noDeadline
	}
	return deadline(t, p, "Monday 2 January 2006") + " " + ZoneName(t, p)
}

// ShortDeadline returns a promised time as DateTime returns others: "Thu 26 Nov 2026, 16:40".
func ShortDeadline(t time.Time, p lead.Promise) string { return deadline(t, p, "Mon 2 Jan 2006") }

// ReplyBy ends a sentence about a promised time: "by Thursday 26 November 2026, 16:40 UTC", or "as soon as possible" without one.
func ReplyBy(t time.Time, p lead.Promise) string {
	if t.IsZero() {
		return "as soon as possible"
	}
	return "by " + Deadline(t, p)
}

// noDeadline stands where there is no promised time: the zero time is not a date to read.
const noDeadline = "no deadline"

// deadline returns a promised time with its date in the layout. Midnight is the end of a day: "Wed 25 Nov 2026, end of day".
func deadline(t time.Time, p lead.Promise, date string) string {
	if t.IsZero() {
		return noDeadline
	}
	day, end := p.DeadlineDay(t)
	if end {
		return day.Format(date) + ", end of day"
	}
	return day.Format(date + ", 15:04")
}
