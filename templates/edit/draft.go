// Package edit holds the staff pages on which content is changed.
package edit

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/section"
	"tiebreak/templates/ui"
)

// FieldKind says how a field of a form is filled in.
type FieldKind int

const (
	Line    FieldKind = iota // one line
	Prose                    // a sentence or two in Markdown
	Long                     // paragraphs in Markdown
	Choose                   // one of some choices
	Several                  // any of some choices
	Ranking                  // choices in an order
	Sources                  // pages with what has to stand on them
)

// Choice is something that a field can be set to.
type Choice struct {
	Value, Words string
	Group        string // heading that it stands under, "" for none
}

// Field describes a field of a section's form. Its name is that of the YAML form.
type Field struct {
	Name, Label, Hint string
	Kind              FieldKind
	Choices           []Choice
	Optional          bool
}

// sourceParts are the fields of each source.
var sourceParts = []struct{ name, label, hint string }{
	{"title", "Title", ""},
	{"url", "Web address", ""},
	{"copy", "Date of the archived copy", "Only if you read a stored copy, such as 2026-11-25."},
	{"find", "Must be on the page", "Figures, names and short terms, one a line."},
}

// Names returns the names of the inputs that the field has in any of the forms.
func (f Field) Names(forms ...url.Values) []string {
	if f.Kind != Sources {
		return []string{f.Name}
	}
	var names []string
	for i := range sourceCount(forms...) {
		for _, part := range sourceParts {
			names = append(names, fmt.Sprintf("source-%d-%s", i+1, part.name))
		}
	}
	return names
}

// LabelOf returns the label of an input of the field.
func (f Field) LabelOf(name string) string {
	parts := strings.Split(name, "-")
	if f.Kind != Sources || len(parts) != 3 {
		return f.Label
	}
	for _, part := range sourceParts {
		if part.name == parts[2] {
			return "Source " + parts[1] + ": " + part.label
		}
	}
	return f.Label
}

// sourceCount returns the highest number of a source in the forms.
func sourceCount(forms ...url.Values) (most int) {
	for _, form := range forms {
		for name := range form {
			var n int
			if _, err := fmt.Sscanf(name, "source-%d-", &n); err == nil && n <= section.MaxSources {
				most = max(most, n)
			}
		}
	}
	return most
}

// has reports whether the choice is among the values of the field.
func has(values url.Values, name, choice string) bool { return slices.Contains(values[name], choice) }

// Problem is what "guide check" says of a value, with where it is corrected.
type Problem struct {
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
	Differ []Difference
}

func (f Frame) path(below ...string) string {
	return strings.Join(append([]string{"/staff/guides/" + f.Slug}, below...), "/")
}

// FormPage is the form of a section, or that of an item of it.
type FormPage struct {
	Frame
	Item       string // its id; "new" for one that is not there yet, "" for a section that is no list
	Heading    string
	Fields     []Field
	Values     url.Values
	Seen       string
	Wrong      fault.Invalid
	Unfinished bool         // what is wrong may be kept in the draft
	Changed    *Change      // somebody else changed it meanwhile
	Differ     []Difference // what they changed, against what was typed
	Gone       bool         // somebody else removed it meanwhile
}

func (p FormPage) action() string {
	if p.Item == "" {
		return p.path(p.Section.Name)
	}
	return p.path(p.Section.Name, p.Item)
}

// labelOf returns the label of the field that a mistake is about.
func (p FormPage) labelOf(name string) string {
	for _, f := range p.Fields {
		if slices.Contains(f.Names(p.Values), name) {
			return f.LabelOf(name)
		}
	}
	return name
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
	Option  string
	Seen    string // stands for the order
	Items   []Item
}

// Item is a line in the list of a section.
type Item struct {
	ID, Label string
	Seen      string
	Note      string // such as its weight
	Problems  int
}

// OutlinePage shows what a draft consists of, what is wrong with it and what it changes.
type OutlinePage struct {
	Frame
	Live      bool // a revision is published
	Differs   bool
	LeadsTo   string
	Seen      string
	Sections  []SectionState
	Other     []Problem // of no section
	Mistakes  int
	Conflicts int
	Profiles  []ProfileChange
	Rereading bool
	Stale     bool          // nothing was done, since the guide changed
	Wrong     fault.Invalid // why nothing was done

	Unpublished bool // it was published once
	Replaced    bool // the file of LeadsTo lists its address
	Schedule    *Schedule
	Versions    []Version // the newest first
	Older       bool      // there are older versions
	Acts        []Act     // what was done last, if the page is stale
	Heirs       []Choice  // guides that its address may lead to

	At, To, Address string // as typed in forms that were not taken
}

// SectionState is a section in the outline.
type SectionState struct {
	section.Section
	Changed  *Change // nil if it says what the latest revision says
	Conflict bool
	Count    int // of items
	Problems []Problem
}

// ProfileChange is an example project for which the draft's checklist says something else than the published one.
type ProfileChange struct{ Name, Before, After string }

// GuidesPage lists all guides and has the form of a new one.
type GuidesPage struct {
	ui.Page
	Guides    []GuideLine
	Options   []Choice
	Values    url.Values
	Wrong     fault.Invalid
	MayChange bool
}

// GuideLine is a guide in the list.
type GuideLine struct {
	Slug, Title, Field, State string
	LeadsTo                   string // "" for a guide that is not retired
	Former                    bool   // it is only an address that a guide had
	ScheduledAt               *time.Time
	Problem                   string // why it was not published then
	ChangedBy                 string
	ChangedAt                 *time.Time
}
