// Package templates holds the pages: a templ component each, beside the props that it shows. Decisions are made before;
// a component only says them.
package templates

import (
	"fmt"
	"strings"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
)

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
	Today   guide.Date    // in the site's zone
	Member  *staff.Member // who is signed in, on staff pages
	Staff   bool          // an error page is one of the staff
	Done    string        // says that the act which led to a staff page worked, "" for none
	Owes    bool          // they have yet to set up the second factor that is required, and see nothing else
	Path    string        // of the staff page, to mark it in the navigation
	Queue   *lead.Queue   // how mail goes out, on staff pages
	Proxied bool          // requests seem to come through a proxy that is not trusted

	DeletionWaits time.Time // until when nothing is deleted because of its age, since the clock may be wrong; zero if it does not wait
}

// Card is a picture of 1200 by 630 that stands for a page where somebody links to it.
type Card struct{ Address, Words string }

// Feed is an Atom feed that a reader of the page may want.
type Feed struct{ Title, Address string }

// Link is an address with its words.
type Link struct{ Words, Address string }

// Brand is the name at the top of each page.
func (p Page) Brand() string {
	if p.Site.Name != "" {
		return p.Site.Name
	}
	return "Tiebreak"
}

// letters are the classes that give an option its colour and its mark, in the page's order.
var letters = [guide.MaxOptions]string{"a", "b", "c", "d"}

// tracks is the class of what shows more than two options, which need tracks of their own.
func tracks(options int) string {
	switch options {
	case 3:
		return "many three"
	case 4:
		return "many four"
	}
	return ""
}

// moment returns a time as staff and receipts read it, in the site's zone: "Mon 23 Nov 2026, 16:40". The year is always there:
// leads are kept for years.
func moment(t time.Time, p lead.Promise) string {
	return t.In(p.Location()).Format("Mon 2 Jan 2006, 15:04")
}

// second returns a time as moment does, to the second.
func second(t time.Time, p lead.Promise) string {
	return t.In(p.Location()).Format("Mon 2 Jan 2006, 15:04:05")
}

// machine is a time for a machine: RFC 3339.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// zone names the site's time zone as it is at t: "UTC", "CET".
func zone(t time.Time, p lead.Promise) string { return t.In(p.Location()).Format("MST") }

// count says a number with its noun: "1 row", "3 rows".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// capitalised starts a sentence with the word.
func capitalised(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
