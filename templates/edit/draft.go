// Package edit holds the staff pages about guides, imports and the site. Start with OutlinePage.
package edit

import (
	"net/url"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/section"
	"tiebreak/templates/form"
	"tiebreak/templates/ui"
)

// Problem is what "guide check" says of a value, with where it is corrected.
type Problem struct {
	Item    string // that it is about, "" outside of a list
	Label   string // of its field
	Text    string
	Address string // "" if no form changes it
	Warning bool
}

// Change says who changed a section of the draft last.
type Change struct {
	Member string
	At     time.Time
}

// Frame is what the pages of a draft have in common.
type Frame struct {
	ui.Page
	Slug      string
	Guide     string // its title
	Section   section.Section
	MayChange bool
	Conflict  *Conflict // with the latest revision; nil for none
}

// Conflict shows a section that the draft and the latest revision both changed.
type Conflict struct {
	Seen   string
	Differ []form.Difference
}

// ItemAddress returns the address of the form of an item.
func (f Frame) ItemAddress(id string) string { return f.path(f.Section.Name, url.PathEscape(id)) }

func (f Frame) path(below ...string) string {
	return strings.Join(append([]string{"/staff/guides/" + f.Slug}, below...), "/")
}

// SectionPage lists the items of a section.
type SectionPage struct {
	Frame
	Lists []ItemList
	Stale string // why nothing was changed, "" if it was
}

// ItemList is a list of items that have an order.
type ItemList struct {
	Heading string // "" for the only list of a section
	Left    bool   // of an option that the guide compares no longer
	Option  string
	Seen    string // stands for the order
	Items   []Item
}

// Item is a line in the list of a section.
type Item struct {
	ID, Label string
	Seen      string
	Notes     []string // such as its weight
	Facts     RowFacts // of a row
	Problems  []Problem
}

// OutlinePage shows what a draft consists of, what is wrong with it and what it changes.
type OutlinePage struct {
	Frame
	Publishing
	Live        bool     // a revision is published
	Options     []string // names of those that it compares
	Sections    []SectionState
	Other       []Problem // of no section
	Profiles    []ProfileChange
	UnderReview bool
	Facts       []RowFacts
	Stale       bool          // nothing was done, since the guide changed
	Wrong       fault.Invalid // why nothing was done

	Unpublished bool // it was published once
	Deletable   bool
	Versions    []Version // the newest first
	Older       bool      // there are older versions
	Acts        []Act     // what was done last, if the page is stale
	Heirs       []Choice  // guides that its address may lead to

	At, To, Address string // as typed in forms that were not taken
}

// Publishing says whether the draft can be published, and what publishing it does.
type Publishing struct {
	Seen        string
	Differs     bool
	RedirectsTo string
	Replaced    bool // the file of RedirectsTo lists its address
	Schedule    *Schedule
	Conflicts   int
	Refused     []Problem // by "guide check"
}

// Ready reports that the draft can be published.
func (p Publishing) Ready() bool {
	return p.Differs && !p.Replaced && p.Conflicts == 0 && len(p.Refused) == 0
}

// SectionState is a section in the outline.
type SectionState struct {
	section.Section
	Changed  *Change // nil if it says what the latest revision says
	Differs  bool    // from what is published
	Conflict bool
	Count    int // of items
	Problems []Problem
}

// ItemProblems are the problems of one item of a section, or those of a section that is not a list.
type ItemProblems struct {
	Item     string
	Problems []Problem
}

// mistakes returns what keeps the guide from being published, item by item.
func (s SectionState) mistakes() (items []ItemProblems) {
	for _, p := range only(s.Problems, false) {
		if last := len(items) - 1; last >= 0 && items[last].Item == p.Item && p.Item != "" {
			items[last].Problems = append(items[last].Problems, p)
			continue
		}
		items = append(items, ItemProblems{p.Item, []Problem{p}})
	}
	return items
}

// state says in a word or two how far the section is.
func (s SectionState) state() (words string, wrong bool) {
	switch n := len(only(s.Problems, false)); {
	case s.Conflict:
		return "Choose a text", true
	case n > 0:
		return ui.Count(n, "problem", "problems"), true
	case s.Changed != nil, s.Differs:
		return "Changed", false
	}
	return "", false
}

// ProfileChange is an example project for which the draft's checklist says something else than the published one.
type ProfileChange struct{ ID, Name, Before, After string }

// GuidesPage lists a part of the guides and has the form of a new one.
type GuidesPage struct {
	ui.Page
	Words         string // that were searched for
	Guides        []GuideLine
	Before, After string // addresses of the pages around this one, "" for none

	Options   []Choice
	Values    url.Values
	Wrong     fault.Invalid
	MayChange bool
}

// GuideLine is a guide in the list.
type GuideLine struct {
	Slug, Title, Field, State string
	RedirectsTo               string // "" for a guide that is not retired
	Former                    bool   // it is only an address that a guide had
	ScheduledAt               *time.Time
	Problem                   string // why it was not published then
	ChangedBy                 string
	ChangedAt                 *time.Time
}
