package edit

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/templates/form"
)

// FieldKind says how a field of a form is filled in.
type FieldKind int

const (
	Line      FieldKind = iota // one line
	Prose                      // a sentence or two in Markdown
	Long                       // paragraphs in Markdown
	Choose                     // one of some choices
	Several                    // any of some choices
	Ranking                    // choices in an order
	Checklist                  // reasons to tick, each of which may be a must-have
	Sources                    // pages with what has to stand on them
)

// Choice is something that a field can be set to.
type Choice struct {
	Value, Words string
	Group        string // heading that it stands under, "" for none
	Note         string // what else is to know about it
}

// Field describes a field of a section's form. Its name is that of the YAML form.
type Field struct {
	Name, Label, Hint string
	Kind              FieldKind
	Choices           []Choice
	Optional          bool
	Most              int  // how many choices can be put in an order
	Each              bool // it stands beside those of the other options
}

// Must is the name of the field that holds the must-haves of a checklist.
const Must = "must"

// Names returns the names of the inputs that the field has in any of the forms.
func (f Field) Names(forms ...url.Values) []string {
	switch f.Kind {
	case Checklist:
		return []string{f.Name, Must}
	case Sources:
		var names []string
		for i := range sourceCount(forms...) {
			for _, part := range form.SourceParts {
				names = append(names, form.SourceName(i+1, part))
			}
		}
		return names
	}
	return []string{f.Name}
}

// LabelOf returns the label of an input of the field.
func (f Field) LabelOf(name string) string {
	parts := strings.Split(name, "-")
	switch {
	case name == Must:
		return "Must have"
	case f.Kind == Sources && len(parts) == 3:
		return "Source " + parts[1] + ": " + map[string]string{
			"title": "Title", "url": "Web address", "copy": "Date of the archived copy", "find": "Words to find there",
		}[parts[2]]
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

// FormPage is the form of a section, or that of an item of it.
type FormPage struct {
	Frame
	Item       string // its id; "new" for one that is not there yet, "" for a section that is not a list
	Heading    string
	Place      string // of the item in its list, such as "3 of 20"
	Before     string // ids of the items before and after it, "" for none
	After      string
	Fields     []Field
	Values     url.Values
	Seen       string
	Wrong      fault.Invalid
	Unfinished bool              // what is wrong may be kept in the draft
	Changed    *Change           // somebody else changed it meanwhile
	Differ     []form.Difference // what they changed, against what was typed
	Gone       bool              // somebody else removed it meanwhile

	Pick   []guide.Source // cited elsewhere in the guide or by its options' facts
	Adding bool           // the fields of one more source are open
	Cites  []guide.Source // those of the introduction, if the texts cite them

	CitesIntro bool         // the texts cite the sources of the introduction
	Problems   []Problem    // what "guide check" says of what is saved
	Preview    *Preview     // nil until it is asked for
	Outcome    string       // what the checklist says of an example project
	Left       []LeftOption // options that the guide compares no longer
	Facts      RowFacts     // of a row
}

// LeftOption is an option of which there are still texts in a guide that compares it no longer.
type LeftOption struct{ Slug, Name, Seen string }

// Preview shows what a form holds as the page will.
type Preview struct {
	Texts   []PreviewText
	Sources []guide.Source // that the texts cite
}

// PreviewText is a text of a form.
type PreviewText struct {
	Label, Text string
	Long        bool
}

// groups returns the fields in their order, those that stand beside each other together.
func (p FormPage) groups() [][]Field {
	var groups [][]Field
	for i, f := range p.Fields {
		if i > 0 && f.Each && p.Fields[i-1].Each && base(f.Name) == base(p.Fields[i-1].Name) {
			groups[len(groups)-1] = append(groups[len(groups)-1], f)
			continue
		}
		groups = append(groups, []Field{f})
	}
	return groups
}

// lastLong returns the index of the group with the last long text, after which the form lists the sources that texts can cite.
// It is -1 if no text can cite any.
func (p FormPage) lastLong() int {
	groups := p.groups()
	for i := len(groups) - 1; i >= 0 && (p.hasSources() || p.CitesIntro); i-- {
		if groups[i][0].Kind == Long {
			return i
		}
	}
	return -1
}

func base(name string) string {
	before, _, _ := strings.Cut(name, ".")
	return before
}

// hasSources reports whether the form holds sources.
func (p FormPage) hasSources() bool {
	return slices.ContainsFunc(p.Fields, func(f Field) bool { return f.Kind == Sources })
}

// sourcesForm returns the sources that stand in the form.
func (p FormPage) sourcesForm() form.Sources {
	f := form.Sources{
		Pick: p.Pick, From: "this guide or its facts", Adding: p.Adding, More: p.action() + "#sources", Footnotes: true,
		Wrong: p.Wrong,
	}
	for i := range sourceCount(p.Values) {
		text := func(part string) string { return p.Values.Get(form.SourceName(i+1, part)) }
		f.Sources = append(f.Sources, form.Source{
			Title: text("title"), URL: text("url"), Copy: text("copy"), Find: text("find"), Remove: text("remove") != "",
		})
	}
	return f
}

// footnotes returns the words for each source that the texts of the form can cite, the first being [^1].
func (p FormPage) footnotes() []string {
	var words []string
	for _, s := range p.Cites {
		words = append(words, form.Source{Title: s.Title, URL: s.URL}.Words())
	}
	if p.hasSources() {
		for _, s := range p.sourcesForm().Sources {
			words = append(words, s.Words())
		}
	}
	return words
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
