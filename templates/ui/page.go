// Package ui holds what pages of all areas share: the frame of a page, fields, marks, prose and common wording.
// Start with Page in page.go and Layout in layout.templ.
package ui

import (
	"fmt"
	"slices"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/health"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

// optionClasses give each option its colour and its mark, in the page's order.
var optionClasses = [guide.MaxOptions]string{"opt-a", "opt-b", "opt-c", "opt-d"}

// OptionClass returns the class of the colour and the mark of the option at the index, "plain" for an index of none.
func OptionClass(i int) string {
	if i < 0 || i >= len(optionClasses) {
		return "plain"
	}
	return optionClasses[i]
}

// OptionColumn returns the classes of what stands in the column of the option at the index, with its colour.
func OptionColumn(i int) string { return fmt.Sprintf("%s col-%d", OptionClass(i), i+1) }

// OptionIndex returns where the option stands in the edition, -1 for one that it does not compare.
func OptionIndex(e *guide.Edition, slug string) int {
	return slices.IndexFunc(e.Options, func(o guide.Option) bool { return o.Slug == slug })
}

// Day returns the date of a time, as a reader's page shows it.
func Day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

// Page is what every page says around its own content.
type Page struct {
	Title       string // without the site's name
	Description string
	Home        string // absolute address of the site, with a slash at its end
	Canonical   string // absolute address, "" for none
	Card        *Card  // the picture that a link to the page is shown with, if it has one
	Feeds       []Feed
	NoIndex     bool
	Script      bool // the page gets smoother with the script; none needs it

	Site    guide.Site
	Promise lead.Promise
	Places  lead.Places
	Record  lead.Record
	Closed  lead.Closed
	Today   guide.Date    // in the site's zone
	Member  *staff.Member // who is signed in, on staff pages
	Staff   bool          // an error page is one of the staff
	Done    string        // says that the act which led to a staff page worked, "" for none
	Owes    bool          // they have yet to set up the second factor that is required, and see nothing else
	Path    string        // of the staff page, to mark it in the navigation
	Queue   *lead.Queue   // how mail goes out, on staff pages

	Findings []health.Finding // what the site knows of itself, on staff pages

	Backups bool // this program makes backups by itself

	Mailbox string // user and host of the one that answers arrive in, for staff; "" without one
}

// Card is a picture of 1200 by 630 that stands for a page where somebody links to it.
type Card struct{ Address, Words string }

// Feed is an Atom feed that a reader of the page may want.
type Feed struct{ Title, Address string }

// Link is an address with its words.
type Link struct{ Words, Address string }

// Brand returns the name at the top of each page.
func (p Page) Brand() string {
	if p.Site.Name != "" {
		return p.Site.Name
	}
	return "Tiebreak"
}

// GridClass returns the class of what shows more than two options, which need tracks of their own.
func GridClass(options int) string {
	switch options {
	case 3:
		return "many three"
	case 4:
		return "many four"
	}
	return ""
}

// DateTime returns a time as staff and receipts read it, in the site's zone: "Mon 23 Nov 2026, 16:40". The year is always there:
// leads are kept for years.
func DateTime(t time.Time, p lead.Promise) string {
	return t.In(p.Location()).Format("Mon 2 Jan 2006, 15:04")
}

// DateTimeSeconds returns a time as DateTime does, to the second.
func DateTimeSeconds(t time.Time, p lead.Promise) string {
	return t.In(p.Location()).Format("Mon 2 Jan 2006, 15:04:05")
}

// RFC3339 returns a time as programs read it.
func RFC3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ZoneName returns the name of the site's time zone as it is at t: "UTC", "CET".
func ZoneName(t time.Time, p lead.Promise) string { return t.In(p.Location()).Format("MST") }

// DateTimeZone returns a time as DateTime does, with the name of its zone.
func DateTimeZone(t time.Time, p lead.Promise) string { return DateTime(t, p) + " " + ZoneName(t, p) }

// Count says a number with its noun: "1 row", "3 rows".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
