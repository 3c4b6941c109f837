package desk

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

var tabWords = map[lead.Tab]string{
	lead.NeedsAnswer: "Needs an answer", lead.Mine: "Mine", lead.FollowUpTab: "Follow-up",
	lead.InTalks: "In talks", lead.ClosedTab: "Closed",
	lead.WaitlistTab: "Waitlist", lead.SuspectsTab: "Suspected spam", lead.All: "All",
}

var sortWords = map[lead.Sort]string{
	lead.Deadline: "Soonest deadline", lead.Soonest: "Soonest follow-up", lead.Newest: "Newest first",
	lead.Oldest: "Oldest first",
}

// listOf returns the address of the list that the filter describes.
func listOf(f lead.Filter) string { return withQuery("/staff/leads", f) }

// exportOf returns the address of the same list as a file.
func exportOf(f lead.Filter, form string) string { return withQuery("/staff/leads."+form, f) }

func withQuery(path string, f lead.Filter) string {
	if f.Sort == "" {
		f.Sort = f.Tab.Sorts()[0]
	}
	if query := f.Query().Encode(); query != "" {
		return path + "?" + query
	}
	return path
}

// linkTo returns the address of a lead with the way back to the list and to its other leads.
func (p LeadsPage) linkTo(l lead.Lead) string {
	return "/staff/leads/" + l.Reference + "?" + url.Values{"list": {p.Here}, "of": {p.references()}}.Encode()
}

// references returns the numbers of the leads that the list shows, in its order.
func (p LeadsPage) references() string {
	numbers := make([]string, len(p.Leads))
	for i, l := range p.Leads {
		numbers[i] = strings.TrimPrefix(l.Reference, "TB-")
	}
	return strings.Join(numbers, ".")
}

// atMost returns a count that ends at lead.MaxCounted.
func atMost(n int) string {
	if n >= lead.MaxCounted {
		return fmt.Sprintf("%d+", lead.MaxCounted-1)
	}
	return fmt.Sprint(n)
}

// monthOf returns the name of the month of a filter: "2026-11" is "November 2026".
func monthOf(code string) string {
	first, err := time.Parse("2006-01", code)
	if err != nil {
		return code
	}
	return ui.MonthYear(first)
}

// current returns the value of aria-current: "page" for the link to the page that is shown, otherwise "false".
func current(here bool) string {
	if here {
		return "page"
	}
	return "false"
}

// inTab returns the filter of a tab's link: it keeps the words that are searched for.
func (p LeadsPage) inTab(tab lead.Tab) lead.Filter {
	return lead.Filter{Tab: tab, Words: p.Filter.Words}
}

// inAllTabs returns the same filter in all tabs.
func (p LeadsPage) inAllTabs() lead.Filter {
	f := p.Filter
	f.Tab, f.Sort = lead.All, ""
	return f
}

// nothing says why the list is empty.
func (p LeadsPage) nothing() string {
	switch {
	case p.Filter.Words != "" && !p.Filter.Searchable():
		return fmt.Sprintf("We cannot search for “%s”. Type letters or digits.", p.Filter.Words)
	case p.Filter.Narrowed() && p.Filter.Tab == lead.All:
		return "No leads match. Remove a filter, or type fewer words."
	case p.Filter.Narrowed():
		return "No leads in this tab match. Remove a filter, or search all tabs."
	case p.Tabs[lead.All] == 0:
		return "There are no leads yet. The first one appears here as soon as someone sends the form."
	}
	return map[lead.Tab]string{
		lead.NeedsAnswer: "Everyone has been answered.",
		lead.Mine:        "Nothing is assigned to you. Open a lead and press “Assign to me”, or assign several in the list.",
		lead.FollowUpTab: "No follow-ups are planned. You can plan one on the page of a lead.",
		lead.InTalks:     "No leads are in talks.",
		lead.ClosedTab:   "No leads are closed yet.",
		lead.WaitlistTab: "The waitlist is empty.",
		lead.SuspectsTab: "No suspected spam.",
	}[p.Filter.Tab]
}

// group returns the heading under which a lead stands where the list goes by deadline; "" elsewhere.
func (p LeadsPage) group(l lead.Lead) string {
	if p.Filter.Tab == lead.SuspectsTab && p.Filter.Sort == lead.Newest {
		if p.Now.Sub(l.ReceivedAt) < lead.SuspectsNew {
			return "Last 24 hours"
		}
		return "Earlier"
	}
	if p.Filter.Sort == lead.Soonest {
		return followUpGroup(l.FollowUpOn, p.Today.Day)
	}
	if p.Filter.Sort != lead.Deadline {
		return ""
	}
	if l.AnsweredAt != nil && l.AwaitingSince == nil {
		return "Answered"
	}
	if !l.ReplyDue() || l.Due().IsZero() {
		return "No deadline"
	}
	due, _ := p.Promise.DeadlineDay(l.Due())
	switch days := int(lead.Day(due).Sub(lead.Day(p.Now.In(p.Promise.Location()))).Hours() / 24); {
	case !l.Due().After(p.Now):
		return "Overdue"
	case days == 0:
		return "Due today"
	case days == 1:
		return "Due tomorrow"
	}
	return "Due later"
}

// dateColumn returns the heading of the list's first column.
func (p LeadsPage) dateColumn() string {
	if p.Filter.Tab == lead.FollowUpTab {
		return "Follow-up"
	}
	return "Reply due, " + p.Promise.TimeZone
}

// followUpGroup returns the heading under which a follow-up stands.
func followUpGroup(on, today time.Time) string {
	switch days := int(on.Sub(today).Hours() / 24); {
	case days < 0:
		return "Overdue"
	case days == 0:
		return "Today"
	case days == 1:
		return "Tomorrow"
	}
	return "Later"
}

// closureWords says that the site is closed or soon will be, and what new leads are promised then.
func (p LeadsPage) closureWords() string {
	if !p.Closed.Yes() {
		return fmt.Sprintf("You are closed from %s. New leads are then promised a reply within %s of reopening.",
			p.Closure.Days(), p.Promise.Reply())
	}
	due := p.Closed.Reopens.Add(time.Duration(p.Promise.ReplyHours) * time.Hour)
	return fmt.Sprintf("You are closed and reopen on %s. New leads are promised a reply by %s.",
		ui.ReopeningDay(p.Closed.Reopens, p.Promise), ui.Deadline(due, p.Promise))
}

// newSuspects says how many there are.
func newSuspects(n int) string {
	if n == 1 {
		return "1 request from the last 24 hours looks"
	}
	return atMost(n) + " requests from the last 24 hours look"
}

func (p LeadsPage) columns() int {
	if p.MayChange {
		return 7
	}
	return 6
}

func who(l lead.Lead) string {
	if l.Status == lead.Erased {
		return "Erased"
	}
	return l.Name
}

func asks(l lead.Lead) string {
	if l.Guide == "" {
		return "General request"
	}
	return l.GuideTitle
}

// preference says which way the prospect leans, by their own choice and their ticks.
func preference(l lead.Lead) string {
	ticks := ""
	if len(l.Ticks) > 0 {
		ticks = ", " + ui.Count(len(l.Ticks), "reason", "reasons")
	}
	if l.Option == lead.Undecided {
		return "Undecided" + ticks
	}
	return "Prefers " + l.OptionName + ticks
}

func assignee(l lead.Lead) string {
	if l.AssigneeID == 0 {
		return "Nobody"
	}
	return l.Assignee
}

// held says how many places the month has given out.
func held(p lead.Places) string {
	if p.Unlimited {
		return fmt.Sprintf("%d taken, no limit", p.Taken)
	}
	return fmt.Sprintf("%d of %d taken", p.Taken, p.Capacity)
}

func inTime(r lead.Record) string {
	if r.Due == 0 {
		return "Nothing due yet"
	}
	return fmt.Sprintf("%d of %d", r.InTime, r.Due)
}

func medianReply(r lead.Record) string {
	if r.Due == 0 || r.Median == 0 {
		return "None yet"
	}
	return lead.Span(r.Median)
}
