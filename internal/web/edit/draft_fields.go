package edit

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/templates/edit"
	"tiebreak/templates/form"
)

// idField describes the field that names an item in links and in other sections.
func idField(name, label string) edit.Field {
	return edit.Field{
		Name: name, Label: label, Optional: true,
		Hint: "Lower-case letters, digits and hyphens. If you leave it empty, we make one. Links and other sections use it, so " +
			"keep it once visitors have seen it.",
	}
}

// draftFields describes the form of a section, or that of an item of it. Names are those of the YAML form.
func draftFields(s section.Section, d postgres.Draft) []edit.Field {
	switch s.Name {
	case "head":
		return headFields(d)
	case "verdict":
		return []edit.Field{
			{Name: "headline", Label: "Headline", Kind: edit.Prose, Hint: "The answer first, in one sentence."},
			{Name: "text", Label: "Text", Kind: edit.Long, Hint: "Markdown. [^1] cites source 1 of the introduction."},
			restsOn(d),
		}
	case "intro":
		return []edit.Field{{Name: "intro", Label: "Introduction", Kind: edit.Long, Hint: cites}, sourcesField}
	case "criteria":
		return criterionFields(d)
	case "dimensions":
		return slices.Concat([]edit.Field{{Name: "title", Label: "Title"}}, eachOption(d, edit.Field{
			Name: "text", Label: "%s", Hint: cites, Kind: edit.Long,
		}), []edit.Field{
			{Name: "means", Label: "What it means in practice", Kind: edit.Long, Hint: cites},
			sourcesField,
			idField("dimension", "ID of the part"),
		})
	case "conditions":
		return conditionFields(d)
	case "profiles":
		return profileFields(d)
	case "questions":
		return []edit.Field{
			{Name: "question", Label: "Question"},
			{Name: "answer", Label: "Answer", Kind: edit.Long, Hint: cites},
			sourcesField, restsOn(d), idField("id", "ID of the question"),
		}
	case "call":
		return []edit.Field{{Name: "heading", Label: "Heading"}, {Name: "text", Label: "Text", Kind: edit.Long}}
	}
	return nil
}

func headFields(d postgres.Draft) []edit.Field {
	return slices.Concat([]edit.Field{
		{Name: "title", Label: "Title"},
		{Name: "subtitle", Label: "Subtitle", Hint: "One sentence under the title.", Kind: edit.Prose},
		{Name: "field", Label: "Shelf", Hint: "The heading under which the home page lists it, such as Web frameworks."},
	}, eachOption(d, edit.Field{
		Name: "answer", Label: "Choose %s …", Hint: "One sentence that continues these words.", Kind: edit.Prose,
	}), eachOption(d, edit.Field{
		Name: "short", Label: "%s in short", Hint: "At most 48 characters, for lists.", Optional: true,
	}), []edit.Field{
		{
			Name: "level.take", Label: "If reasons come out equal, choose", Kind: edit.Ranking, Choices: optionChoices(d),
			Most: len(d.Guide.Options), Hint: "In this order: the second counts when the first is ruled out.",
		},
		{Name: "level.why", Label: "Why that one", Kind: edit.Prose},
		{Name: "both.when", Label: "Use several when …", Kind: edit.Prose, Optional: true},
		{Name: "both.text", Label: "How to use several", Kind: edit.Prose, Optional: true},
	})
}

func criterionFields(d postgres.Draft) []edit.Field {
	return slices.Concat([]edit.Field{
		{Name: "label", Label: "Label", Hint: "What the row compares, such as Admin interface."},
		{
			Name: "fact", Label: "Fact", Kind: edit.Choose, Choices: sharedFacts(d), Optional: true,
			Hint: "A fact shows each option's own value with its sources.",
		},
	}, eachOption(d, edit.Field{
		Name: "values", Label: "Or our judgement: %s", Hint: "Leave it empty if the row shows a fact.", Kind: edit.Prose,
		Optional: true,
	}), []edit.Field{
		{
			Name: "edge", Label: "Who is ahead", Kind: edit.Choose,
			Choices: append(optionChoices(d), edit.Choice{Value: guide.Even, Words: "Nobody: it is a tie"}),
		},
		{Name: "why", Label: "Why", Kind: edit.Prose},
		idField("criterion", "ID of the row"),
	})
}

func conditionFields(d postgres.Draft) []edit.Field {
	return []edit.Field{
		{Name: "text", Label: "Reason", Kind: edit.Prose, Hint: "Continues “Choose … when”."},
		{Name: "weight", Label: "Weight", Kind: edit.Choose, Choices: []edit.Choice{
			{Value: "1", Words: "1: counts"},
			{Value: "2", Words: "2: counts twice"},
			{Value: "3", Words: "3: counts three times"},
		}},
		{
			Name: "group", Label: "Group", Optional: true,
			Hint: "Give reasons that say nearly the same one short name, such as small-team. If a reader ticks several of " +
				"them, only the one with the most weight counts.",
		},
		{
			Name: "rules_out", Label: "Makes these unusable", Kind: edit.Several, Choices: optionChoices(d), Optional: true,
			Hint: "If a reader ticks this reason, the result leaves these options out, whatever else is ticked.",
		},
		restsOn(d), idField("id", "ID of the reason"),
	}
}

func profileFields(d postgres.Draft) []edit.Field {
	return []edit.Field{
		{Name: "name", Label: "Name", Hint: "Describes the project, such as A shop with 50,000 orders a day."},
		{
			Name: "tick", Label: "What applies to it", Kind: edit.Checklist, Choices: reasons(d),
			Hint: "Tick the reasons that apply. A must-have also rules out every other option.",
		},
		{
			Name: "expect", Label: "The checklist should say", Kind: edit.Choose, Choices: append(optionChoices(d),
				edit.Choice{Value: guide.Even, Words: "A tie"}, edit.Choice{Value: guide.Both, Words: "Several of them together"},
				edit.Choice{Value: guide.None, Words: "None of them"}),
		},
	}
}

// eachOption returns the field once for each option, named and labelled after it. An option that the guide no longer compares
// has one too while the draft says something of it.
func eachOption(d postgres.Draft, field edit.Field) []edit.Field {
	var fields []edit.Field
	add := func(slug string, f edit.Field) {
		f.Name, f.Label, f.Each = f.Name+"."+slug, fmt.Sprintf(f.Label, optionName(d, slug)), true
		fields = append(fields, f)
	}
	for _, slug := range d.Guide.Options {
		add(slug, field)
	}
	field.Optional, field.Hint = true, "This guide no longer compares it. Empty this field, or compare it again."
	for _, slug := range d.Guide.NoLongerCompared() {
		add(slug, field)
	}
	return fields
}

func restsOn(d postgres.Draft) edit.Field {
	return edit.Field{
		Name: "rests_on", Label: "Rests on these rows", Kind: edit.Several, Choices: rows(d), Optional: true,
		Hint: "Tick the rows of the summary that this relies on. When one of their facts changes, visitors see “under " +
			"review” here until you publish the guide again.",
	}
}

var sourcesField = edit.Field{Name: "sources", Label: "Sources", Kind: edit.Sources, Optional: true}

const cites = "Markdown. [^1] cites source 1 below, [our judgement] and [estimated] are labels."

// differences returns the fields in which two versions of a form differ, with the text of both.
func differences(fields []edit.Field, mine, theirs url.Values) []form.Difference {
	var differ []form.Difference
	for _, f := range fields {
		for _, name := range f.Names(mine, theirs) {
			a, b := wordsFor(f, mine[name]), wordsFor(f, theirs[name])
			if a != b {
				differ = append(differ, form.Difference{Label: f.LabelOf(name), Mine: a, Theirs: b})
			}
		}
	}
	return differ
}

// wordsFor returns the values of a field as a reader knows them. Boxes that are ticked have the order of the form.
func wordsFor(f edit.Field, values []string) string {
	place := func(value string) int {
		return slices.IndexFunc(f.Choices, func(c edit.Choice) bool { return value != "" && c.Value == value })
	}
	values = slices.Clone(values)
	if f.Kind == edit.Several || f.Kind == edit.Checklist {
		slices.SortStableFunc(values, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	}
	for i, value := range values {
		if at := place(value); at >= 0 {
			values[i] = f.Choices[at].Words
		}
	}
	return strings.Join(values, ", ")
}
