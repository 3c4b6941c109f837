package lead

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Tab is one of the views of the staff's list.
type Tab string

const (
	NeedsAnswer Tab = "needs-answer"
	Mine        Tab = "mine"
	FollowUpTab Tab = "follow-up"
	InTalks     Tab = "talks"
	ClosedTab   Tab = "closed"
	WaitlistTab Tab = "waitlist"
	SuspectsTab Tab = "suspects"
	All         Tab = "all"
)

// Tabs are all tabs, in the order of the page; the list opens on the first.
var Tabs = []Tab{NeedsAnswer, Mine, FollowUpTab, InTalks, ClosedTab, WaitlistTab, SuspectsTab, All}

// MaxCounted is where counts of a tab end: above 999 they read "999+".
const MaxCounted = 1000

// Sort is an order of the list.
type Sort string

const (
	Deadline Sort = "deadline" // those that need an answer first, the soonest deadline on top
	Soonest  Sort = "soonest"  // the earliest follow-up on top
	Newest   Sort = "newest"
	Oldest   Sort = "oldest"
)

// Sorts returns the orders that a tab offers, its own first.
func (t Tab) Sorts() []Sort {
	switch t {
	case NeedsAnswer, Mine:
		return []Sort{Deadline, Newest, Oldest}
	case FollowUpTab:
		return []Sort{Soonest, Newest, Oldest}
	case WaitlistTab:
		return []Sort{Oldest, Newest}
	}
	return []Sort{Newest, Oldest}
}

// Anyone and Nobody stand for an assignee in a filter; other numbers are members.
const (
	Anyone int64 = 0
	Nobody int64 = -1
)

// NoGuide is the guide of general requests in a filter.
const NoGuide = "none"

// monthLayout writes a month: "2026-11".
const monthLayout = "2006-01"

// Filter says which leads a list shows and in which order. The zero of each field leaves nothing out.
type Filter struct {
	Tab      Tab
	Member   int64 // whose tab Mine is
	Status   Status
	Guide    string // slug or NoGuide
	Option   string // slug or Undecided
	Assignee int64
	Month    string // of arrival, in the site's zone: "2026-11"
	Overdue  bool
	Words    string // as typed, to search for
	Sort     Sort
}

// ReadFilter reads the filter from the list's address; what it cannot mean is fault.NotFound. The list's form sends its tab as
// "from", where it stays unless words are searched for: those are looked for in all tabs.
func ReadFilter(v url.Values, member int64) (Filter, error) {
	f := Filter{
		Tab: Tab(v.Get("tab")), Member: member, Status: Status(v.Get("status")), Guide: v.Get("guide"), Option: v.Get("option"),
		Month: v.Get("month"), Overdue: v.Get("overdue") != "", Words: strings.TrimSpace(v.Get("q")), Sort: Sort(v.Get("sort")),
	}
	if f.Tab == "" && f.Words == "" {
		f.Tab = Tab(v.Get("from"))
	}
	if f.Tab == "" {
		f.Tab = f.firstTab()
	}
	if !slices.Contains(f.Tab.Sorts(), f.Sort) {
		f.Sort = f.Tab.Sorts()[0]
	}
	switch who := v.Get("assignee"); who {
	case "":
	case "nobody":
		f.Assignee = Nobody
	default:
		id, err := strconv.ParseInt(who, 10, 64)
		if err != nil || id < 1 {
			return f, fault.NotFound
		}
		f.Assignee = id
	}
	_, err := time.Parse(monthLayout, f.Month)
	if !slices.Contains(Tabs, f.Tab) || f.Status != "" && !slices.Contains(Statuses, f.Status) || f.Month != "" && err != nil {
		return f, fault.NotFound
	}
	return f, nil
}

// firstTab returns the tab of an address that does not say which.
func (f Filter) firstTab() Tab {
	if f.Words != "" {
		return All
	}
	return NeedsAnswer
}

// Terms returns the words to search for in what was typed.
func (f Filter) Terms() []string { return text.Words(email.Readable(f.Words)) }

// Searchable reports whether there are any.
func (f Filter) Searchable() bool { return len(f.Terms()) > 0 }

// IsOf reports whether the words to search for are the prospect's name or email address, or begin parts of them.
func (f Filter) IsOf(c Contents) bool {
	person := Filter{Words: c.Name + " " + c.Email}.Terms()
	return !slices.ContainsFunc(f.Terms(), func(term string) bool {
		return !slices.ContainsFunc(person, func(word string) bool { return strings.HasPrefix(word, term) })
	})
}

// Query returns the filter as the list's address holds it, without what is the default.
func (f Filter) Query() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if f.Tab != f.firstTab() {
		set("tab", string(f.Tab))
	}
	set("status", string(f.Status))
	set("guide", f.Guide)
	set("option", f.Option)
	switch {
	case f.Assignee == Nobody:
		set("assignee", "nobody")
	case f.Assignee != Anyone:
		set("assignee", strconv.FormatInt(f.Assignee, 10))
	}
	set("month", f.Month)
	if f.Overdue {
		set("overdue", "yes")
	}
	set("q", f.Words)
	if f.Sort != f.Tab.Sorts()[0] {
		set("sort", string(f.Sort))
	}
	return v
}

// Narrowed reports whether the filter leaves out more than its tab does.
func (f Filter) Narrowed() bool {
	return f != Filter{Tab: f.Tab, Member: f.Member, Sort: f.Sort}
}

// Chosen reports whether anything but a tab and words to search for was chosen.
func (f Filter) Chosen() bool {
	f.Words = ""
	return f.Narrowed() || f.Sort != f.Tab.Sorts()[0]
}

// Span returns the month's first moment and that of the next, in the zone.
func (f Filter) Span(zone *time.Location) (from, to time.Time) {
	month, err := time.ParseInLocation(monthLayout, f.Month, zone)
	if err != nil {
		return from, to
	}
	return month, month.AddDate(0, 1, 0)
}
