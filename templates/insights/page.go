// Package insights holds the staff page that counts leads, with its charts. Start with Page.
package insights

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// Page shows what the leads of some days tell: how the promise was kept, what they ask about, what is set aside. It also
// shows which comparisons visitors looked for in vain.
type Page struct {
	ui.Page
	From, To string // as typed
	Wrong    fault.Invalid
	Quick    []QuickRange
	Any      bool // there is a lead, of whatever day

	Asked    lead.Range
	Periods  []lead.Period
	Whole    lead.Replies // of the whole range
	Guides   []lead.GuideLeads
	Ticks    []lead.TickLeads
	Suspects lead.SuspectLeads
	Missing  []guide.MissingComparison // the most wanted first
}

// QuickRange is a range that one click shows.
type QuickRange struct {
	Words string
	lead.Range
}

// maxGuides is how many guides the page lists; the CSV has all.
const maxGuides = 50

func insightsAt(path string, r lead.Range) string {
	return path + "?" + url.Values{"from": {r.From()}, "to": {r.To()}}.Encode()
}

// csv returns the address of a part's numbers.
func (p Page) csv(part string) string {
	return insightsAt("/staff/insights/"+part+".csv", p.Asked)
}

// unitWords explains what the range is cut into.
func (p Page) unitWords() string {
	if p.Asked.Unit() == lead.Month {
		return "Per month of arrival."
	}
	return "Per week of arrival, starting on Monday."
}

// arrived counts the leads that are not suspect.
func (p Page) arrived() (n int) {
	for _, g := range p.Guides {
		n += g.Leads
	}
	return n
}

// views counts how often guides were opened.
func (p Page) views() (n int) {
	for _, g := range p.Guides {
		n += g.Views
	}
	return n
}

// won counts the leads that were won.
func (p Page) won() (n int) {
	for _, g := range p.Guides {
		n += g.Won
	}
	return n
}

// listed returns the guides that the page lists; unlisted says what it leaves out.
func (p Page) listed() []lead.GuideLeads { return p.Guides[:min(len(p.Guides), maxGuides)] }

func (p Page) unlisted() string {
	rest := Page{Guides: p.Guides[len(p.listed()):]}
	return fmt.Sprintf("The CSV file also has %s with %s.", ui.Count(len(rest.Guides), "guide", "guides"),
		ui.Count(rest.arrived(), "lead", "leads"))
}

// days says from when to when: "23–25 Nov 2026", "30 Nov – 6 Dec 2026". Lines break at the dash only.
func days(first, last time.Time) string {
	const end = "2 Jan 2006"
	words := last.Format(end)
	switch {
	case first.Equal(last):
	case first.Year() != last.Year():
		words = first.Format(end) + " – " + words
	case first.Month() != last.Month():
		words = first.Format("2 Jan") + " – " + words
	default:
		words = first.Format("2") + "–\u2060" + words
	}
	return unbroken.Replace(words)
}

// unbroken keeps a day with its month, and the dash with the day before it.
var unbroken = strings.NewReplacer(" – ", "\u00a0– ", " ", "\u00a0")

// periodName returns what a period is called: "W48", "Nov 2026".
func periodName(unit lead.Unit, p lead.Period) string {
	if unit == lead.Month {
		return p.Start.Format("Jan 2006")
	}
	_, week := p.Start.ISOWeek()
	return fmt.Sprintf("W%02d", week)
}

// periodDays returns the days of a period; those of a whole month go without saying.
func periodDays(unit lead.Unit, p lead.Period) string {
	if unit == lead.Month && p.First.Equal(p.Start) && p.Last.Equal(p.Start.AddDate(0, 1, -1)) {
		return ""
	}
	return days(p.First, p.Last)
}

// percent says the share that was answered in time; there is none where no reply was due.
func percent(r lead.Replies) string {
	if r.Due == 0 {
		return "–"
	}
	return fmt.Sprintf("%d%%", r.Percent())
}

// hoursMinutes returns how long a reply took as tables show it, in hours and minutes: "26:05".
func hoursMinutes(r lead.Replies, d time.Duration) string { return inMinutes(r, d, "%d:%02d") }

// waited says the same in a sentence: "26 h 05 min".
func waited(r lead.Replies, d time.Duration) string { return inMinutes(r, d, "%d h %02d min") }

func inMinutes(r lead.Replies, d time.Duration, layout string) string {
	if r.Answered() == 0 {
		return "–"
	}
	minutes := int(d.Round(time.Minute).Minutes())
	return fmt.Sprintf(layout, minutes/60, minutes%60)
}

func guideTitle(guide, title string) string {
	if guide == "" {
		return "General requests"
	}
	return title
}

func optionName(o lead.OptionLeads) string {
	if o.Option == lead.Undecided {
		return "Undecided"
	}
	return o.Name
}

// optionClass returns the class of an option's colour and mark by its position, which is 0 for one that the guide does not have:
// then it is "".
func optionClass(position int) string {
	if position == 0 {
		return ""
	}
	return ui.OptionClass(position - 1)
}

// causeName says why a lead was set aside, as a row's name.
func causeName(c lead.Cause) string {
	if words := ui.CauseWords[c]; words != "" {
		return text.Capitalise(words)
	}
	return strings.ReplaceAll(string(c), "-", " ")
}
