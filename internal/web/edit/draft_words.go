package edit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
	"tiebreak/templates/edit"
	"tiebreak/templates/options"
	"tiebreak/templates/ui"
)

// optionName returns the name of the option, or its slug while there is no such option.
func optionName(d postgres.Draft, slug string) string {
	for _, o := range d.Options {
		if o.Slug == slug {
			return o.Name
		}
	}
	return slug
}

// optionChoices returns the options of the guide as choices.
func optionChoices(d postgres.Draft) []edit.Choice {
	var choices []edit.Choice
	for _, slug := range d.Guide.Options {
		choices = append(choices, edit.Choice{Value: slug, Words: optionName(d, slug)})
	}
	return choices
}

// rows returns the rows of the summary as choices.
func rows(d postgres.Draft) []edit.Choice {
	var choices []edit.Choice
	for _, c := range d.Guide.Summary {
		choices = append(choices, edit.Choice{Value: c.ID, Words: cmp.Or(c.Label, c.ID)})
	}
	return choices
}

// reasons returns the reasons of all options as choices, those of an option together.
func reasons(d postgres.Draft) []edit.Choice {
	var choices []edit.Choice
	for _, slug := range d.Guide.Options {
		for _, c := range d.Guide.Conditions[slug] {
			choices = append(choices, edit.Choice{
				Value: c.ID, Words: guide.PlainText(c.Text), Group: "Choose " + optionName(d, slug) + " when",
				Note: strings.Join(reasonNotes(d, guide.Condition{Weight: c.Weight, Group: c.Group, RulesOut: c.RulesOut}), ", "),
			})
		}
	}
	return choices
}

// sharedFacts returns the facts that all options have as choices, each with its values.
func sharedFacts(d postgres.Draft) []edit.Choice {
	choices := []edit.Choice{{Value: "", Words: "None: our judgement"}}
	for _, key := range sharedKeys(d.Options) {
		var values []string
		for _, o := range d.Options {
			values = append(values, o.Name+": "+text.Shorten(guide.PlainText(valueWords(o.Facts[key])), 40))
		}
		choices = append(choices, edit.Choice{Value: key, Words: key + " (" + strings.Join(values, "; ") + ")"})
	}
	return choices
}

func valueWords(f guide.Fact) string {
	if f.Confidence == guide.Unknown {
		return "unknown"
	}
	return f.Value
}

// sharedKeys returns the keys of the facts that all of the options have, in order.
func sharedKeys(options []guide.Option) []string {
	if len(options) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(options[0].Facts)), func(key string) bool {
		return slices.ContainsFunc(options, func(o guide.Option) bool { _, has := o.Facts[key]; return !has })
	})
}

// notesOn returns what the list says of an item below its name.
func notesOn(d postgres.Draft, item any) []string {
	switch item := item.(type) {
	case *guide.Criterion:
		return rowNotes(d, *item)
	case *guide.Condition:
		return reasonNotes(d, *item)
	case *guide.Profile:
		notes := []string{fmt.Sprintf("%d ticked", len(item.Tick))}
		if len(item.Must) > 0 {
			notes = append(notes, fmt.Sprintf("%d must have", len(item.Must)))
		}
		return append(notes, "should say "+outcome(d, item.Expect), "says "+talliedWords(d, *item))
	case *guide.Dimension:
		return sourceNotes(item.Sources)
	case *guide.Question:
		return append(sourceNotes(item.Sources), restNotes(item.RestsOn)...)
	}
	return nil
}

func rowNotes(d postgres.Draft, c guide.Criterion) []string {
	ahead := optionName(d, c.Edge) + " ahead"
	switch c.Edge {
	case "":
		ahead = "nobody chosen yet"
	case guide.Even:
		ahead = "a tie"
	}
	if c.Fact == "" {
		return []string{ahead, "our judgement"}
	}
	return []string{ahead}
}

func reasonNotes(d postgres.Draft, c guide.Condition) []string {
	notes := []string{fmt.Sprintf("×%d", c.Weight)}
	if c.Group != "" {
		notes = append(notes, "group "+c.Group)
	}
	if len(c.RulesOut) > 0 {
		var names []string
		for _, slug := range c.RulesOut {
			names = append(names, optionName(d, slug))
		}
		notes = append(notes, "rules out "+strings.Join(names, ", "))
	}
	return append(notes, restNotes(c.RestsOn)...)
}

func sourceNotes(sources []guide.Source) []string {
	if len(sources) == 0 {
		return []string{"no source"}
	}
	return []string{ui.Count(len(sources), "source", "sources")}
}

func restNotes(rows []string) []string {
	if len(rows) == 0 {
		return nil
	}
	return []string{"rests on " + ui.Count(len(rows), "row", "rows")}
}

// rowFacts returns the facts that a row shows, one for each option. A row that is our judgement has none.
func rowFacts(d postgres.Draft, row guide.Criterion, today guide.Date) edit.RowFacts {
	r := edit.RowFacts{Label: row.Label}
	if row.Fact == "" {
		return r
	}
	for _, o := range d.Options {
		f, known := o.Facts[row.Fact]
		r.Facts = append(r.Facts, edit.RowFact{
			Option: o.Name, Address: options.FactPath(o.Slug, row.Fact), Value: text.Shorten(guide.PlainText(valueWords(f)), 60),
			Missing: !known, Overdue: f.Overdue(today), UnderReview: d.FactUnderReview(o.Slug, row.Fact),
		})
	}
	return r
}

// summaryFacts returns the facts of each row of the draft that shows some.
func summaryFacts(d postgres.Draft, today guide.Date) []edit.RowFacts {
	var rows []edit.RowFacts
	for _, row := range d.Guide.Summary {
		if r := rowFacts(d, row, today); len(r.Facts) > 0 {
			rows = append(rows, r)
		}
	}
	return rows
}
