package options

import (
	"cmp"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/text"
	"tiebreak/templates/form"
	"tiebreak/templates/ui"
)

// FactPage is where a fact is read, checked and edited.
type FactPage struct {
	ui.Page
	Option  guide.Option // with all its facts
	Key     string
	History []guide.FactVersion // newest first; empty for a fact that is not there yet
	Uses    []guide.FactUse

	Form      FactForm
	Wrong     fault.Invalid
	Renew     bool     // the box that renews the dates is ticked
	Adding    bool     // the form is shown again to add another source
	Notes     []string // what else guide check says of the fact in force
	Stale     Stale
	MayChange bool
}

// Stale says what was not done because someone else changed the fact meanwhile.
type Stale string

// The zero is that nothing happened.
const (
	NotSaved    Stale = "saved"
	NotChecked  Stale = "checked"
	NotRestored Stale = "restored"
)

// Fact returns the version in force, which is zero for a fact that is not there yet.
func (p FactPage) Fact() guide.Fact { return p.Option.Facts[p.Key] }

// IsNew reports whether there is no such fact yet.
func (p FactPage) IsNew() bool { return len(p.History) == 0 }

func (p FactPage) path() string { return FactPath(p.Option.Slug, p.Key) }

// label returns what the guides call the fact.
func (p FactPage) label() string {
	for _, u := range p.Uses {
		for _, r := range u.Rows {
			return r.Label
		}
	}
	return FactLabel(p.Key)
}

// leads returns how many open leads came from the guides that show the fact.
func (p FactPage) leads() int {
	leads := 0
	for _, u := range p.Uses {
		leads += u.Leads
	}
	return leads
}

// unpicked returns the sources that other facts of the option cite and this form does not.
func (p FactPage) unpicked() []guide.Source {
	return slices.DeleteFunc(p.Option.Cited(), func(cited guide.Source) bool {
		return slices.ContainsFunc(p.Form.Sources, func(s form.Source) bool { return s.URL == cited.URL })
	})
}

// differences returns what the version in force and the form say differently.
func (p FactPage) differences() []form.Difference {
	theirs, mine := FormOf(p.Fact()), p.Form
	all := []form.Difference{
		{Label: "Value", Mine: mine.Value, Theirs: theirs.Value},
		{Label: "Detail", Mine: mine.Detail, Theirs: theirs.Detail},
		{Label: "Confidence", Mine: string(mine.Confidence), Theirs: string(theirs.Confidence)},
		{Label: "Checked on", Mine: mine.Checked, Theirs: theirs.Checked},
		{Label: "Next check by", Mine: mine.Review, Theirs: theirs.Review},
		{Label: "Sources", Mine: sourceLines(mine), Theirs: sourceLines(theirs)},
	}
	return slices.DeleteFunc(all, func(d form.Difference) bool { return d.Theirs == d.Mine })
}

// sourceLines returns the sources of a form, a line each.
func sourceLines(f FactForm) string {
	var lines []string
	for _, s := range f.Sources {
		line := s.Title + " " + s.URL
		if s.Copy != "" {
			line += ", copy of " + s.Copy
		}
		if s.Find != "" {
			line += ", find " + strings.ReplaceAll(s.Find, "\n", "; ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// maker returns who made a version.
func maker(v guide.FactVersion) string { return cmp.Or(v.Member, "The command line") }

// step says what the version at the index of the history changed.
func (p FactPage) step(i int) string {
	if i == len(p.History)-1 {
		return "First version"
	}
	now, was := p.History[i].Fact, p.History[i+1].Fact
	var parts []string
	for _, part := range []struct {
		name    string
		changed bool
	}{
		{"value", now.Value != was.Value},
		{"detail", now.Detail != was.Detail},
		{"confidence", now.Confidence != was.Confidence},
		{"sources", !slices.EqualFunc(now.Sources, was.Sources, guide.Source.Same)},
	} {
		if part.changed {
			parts = append(parts, part.name)
		}
	}
	if len(parts) == 0 {
		return "Checked again"
	}
	return text.Capitalise(strings.Join(parts, ", ")) + " changed"
}
