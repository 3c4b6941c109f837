package edit

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
	"tiebreak/templates/edit"
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

func options(d postgres.Draft) []edit.Choice {
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
			values = append(values, o.Name+": "+guide.Shorten(guide.PlainText(valueWords(o.Facts[key])), 40))
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
