// Package options holds the staff pages about options and their facts. Start with OptionPage and FactPage.
package options

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// OptionsPage lists the options.
type OptionsPage struct {
	ui.Page
	Words     string // that were searched for
	Options   []guide.ListedOption
	More      bool // the list is cut
	Typed     guide.Option
	Wrong     fault.Invalid
	MayChange bool
}

// OptionPage is the table of an option's facts.
type OptionPage struct {
	ui.Page
	Option guide.Option
	Guides []guide.Teaser // published guides that compare it

	Seen      string // what its name, kind and homepage were when the form was drawn
	Typed     guide.Option
	Key       string // typed as that of a new fact
	Wrong     fault.Invalid
	Stale     bool // someone else changed the name, the kind or the homepage meanwhile
	MayChange bool
}

// factRow is a line of the table.
type factRow struct {
	Key, Label string
	guide.Fact
	Guides []guide.Teaser // that show it
	Late   bool
}

// rows returns the facts: the overdue ones first, the longest wait before the others, then the rest by their labels.
func (p OptionPage) rows() []factRow {
	var rows []factRow
	for _, key := range slices.Sorted(maps.Keys(p.Option.Facts)) {
		f := p.Option.Facts[key]
		row := factRow{Key: key, Fact: f, Late: f.Overdue(p.Today)}
		for _, g := range p.Guides {
			if label, shown := g.Labels[key]; shown {
				row.Label, row.Guides = cmp.Or(row.Label, label), append(row.Guides, g)
			}
		}
		row.Label = cmp.Or(row.Label, FactLabel(key))
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b factRow) int {
		switch {
		case a.Late && b.Late:
			return a.Review.Day.Compare(b.Review.Day)
		case a.Late:
			return -1
		case b.Late:
			return 1
		}
		return cmp.Compare(a.Label, b.Label)
	})
	return rows
}

func (p OptionPage) overdue() int {
	late := 0
	for _, f := range p.Option.Facts {
		if f.Overdue(p.Today) {
			late++
		}
	}
	return late
}

// FactLabel returns the key of a fact as a person reads it.
func FactLabel(key string) string { return text.Capitalise(strings.ReplaceAll(key, "-", " ")) }

// fieldLabel returns the label of a field, for a summary of what is wrong: "Checked on", "Source 2, title".
func fieldLabel(name string) string {
	switch name {
	case "checked":
		return "Checked on"
	case "review":
		return "Next check by"
	case "slug":
		return "Address"
	}
	var n int
	var part string
	if _, err := fmt.Sscanf(name, "source-%d-%s", &n, &part); err == nil {
		return fmt.Sprintf("Source %d, %s", n, strings.Replace(part, "url", "web address", 1))
	}
	return text.Capitalise(name)
}

// OptionPath returns the address of an option's page for the staff.
func OptionPath(slug string) string { return "/staff/options/" + slug }

// FactPath returns the address of a fact's page.
func FactPath(option, key string) string { return OptionPath(option) + "/facts/" + key }

// lateWords says for how long a fact has been overdue.
func lateWords(f guide.Fact, today guide.Date) string {
	days := int(today.Day.Sub(f.Review.Day).Hours() / 24)
	return fmt.Sprintf("Overdue by %s", ui.Count(days, "day", "days"))
}
