package edit

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/templates/edit"
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
	var fields []edit.Field
	add := func(more ...edit.Field) { fields = append(fields, more...) }
	eachOption := func(name, label, hint string, kind edit.FieldKind, optional bool) {
		for _, slug := range d.Guide.Options {
			add(edit.Field{
				Name: name + "." + slug, Label: fmt.Sprintf(label, optionName(d, slug)), Hint: hint, Kind: kind,
				Optional: optional, Each: true,
			})
		}
		for _, slug := range d.Guide.NoLongerCompared() {
			add(edit.Field{
				Name: name + "." + slug, Label: fmt.Sprintf(label, optionName(d, slug)), Kind: kind, Optional: true, Each: true,
				Hint: "This guide no longer compares it. Empty this field, or compare it again.",
			})
		}
	}
	restsOn := edit.Field{
		Name: "rests_on", Label: "Rests on these rows", Kind: edit.Several, Choices: rows(d), Optional: true,
		Hint: "When a fact of one of them changes, this says “under review” until it is published again.",
	}
	sources := edit.Field{Name: "sources", Label: "Sources", Kind: edit.Sources, Optional: true}
	switch s.Name {
	case "head":
		add(edit.Field{Name: "title", Label: "Title"},
			edit.Field{Name: "subtitle", Label: "Subtitle", Hint: "One sentence under the title.", Kind: edit.Prose},
			edit.Field{Name: "field", Label: "Field", Hint: "The heading under which lists show it, such as Web frameworks."})
		eachOption("answer", "Choose %s …", "One sentence that continues these words.", edit.Prose, false)
		eachOption("short", "%s in short", "At most 48 characters, for lists.", edit.Line, true)
		add(edit.Field{
			Name: "level.take", Label: "If reasons come out equal, choose", Kind: edit.Ranking, Choices: options(d),
			Most: len(d.Guide.Options),
			Hint: "In this order: the second counts when the first is ruled out.",
		},
			edit.Field{Name: "level.why", Label: "Why that one", Kind: edit.Prose},
			edit.Field{Name: "both.when", Label: "Use several when …", Kind: edit.Prose, Optional: true},
			edit.Field{Name: "both.text", Label: "How to use several", Kind: edit.Prose, Optional: true})
	case "verdict":
		add(edit.Field{Name: "headline", Label: "Headline", Kind: edit.Prose, Hint: "The answer first, in one sentence."},
			edit.Field{
				Name: "text", Label: "Text", Kind: edit.Long, Hint: "Markdown. [^1] cites source 1 of the introduction.",
			},
			restsOn)
	case "intro":
		add(edit.Field{Name: "intro", Label: "Introduction", Kind: edit.Long, Hint: cites}, sources)
	case "criteria":
		add(edit.Field{Name: "label", Label: "Label", Hint: "What the row compares, such as Admin interface."},
			edit.Field{
				Name: "fact", Label: "Fact", Kind: edit.Choose, Choices: sharedFacts(d), Optional: true,
				Hint: "A fact shows each option's own value with its sources.",
			})
		eachOption("values", "Or our judgement: %s", "Leave it empty if the row shows a fact.", edit.Prose, true)
		add(edit.Field{
			Name: "edge", Label: "Who is ahead", Kind: edit.Choose,
			Choices: append(options(d), edit.Choice{Value: guide.Even, Words: "Nobody: it is a tie"}),
		},
			edit.Field{Name: "why", Label: "Why", Kind: edit.Prose}, idField("criterion", "ID of the row"))
	case "dimensions":
		add(edit.Field{Name: "title", Label: "Title"})
		eachOption("text", "%s", cites, edit.Long, false)
		add(edit.Field{Name: "means", Label: "What it means in practice", Kind: edit.Long, Hint: cites}, sources,
			idField("dimension", "ID of the part"))
	case "conditions":
		add(edit.Field{Name: "text", Label: "Reason", Kind: edit.Prose, Hint: "Continues “Choose … when”."},
			edit.Field{
				Name: "weight", Label: "Weight", Kind: edit.Choose,
				Choices: []edit.Choice{
					{Value: "1", Words: "1: counts"},
					{Value: "2", Words: "2: counts twice"},
					{Value: "3", Words: "3: counts three times"},
				},
			},
			edit.Field{
				Name: "group", Label: "Group", Optional: true,
				Hint: "Reasons of one option that describe the same circumstance: only the heaviest of a group counts.",
			},
			edit.Field{Name: "rules_out", Label: "Makes these unusable", Kind: edit.Several, Choices: options(d), Optional: true},
			restsOn, idField("id", "ID of the reason"))
	case "profiles":
		add(edit.Field{Name: "name", Label: "Name", Hint: "Describes the project, such as A shop with 50,000 orders a day."},
			edit.Field{
				Name: "tick", Label: "What applies to it", Kind: edit.Checklist, Choices: reasons(d),
				Hint: "Tick the reasons that apply. A must-have also rules out every other option.",
			},
			edit.Field{Name: "expect", Label: "The checklist should say", Kind: edit.Choose, Choices: append(options(d),
				edit.Choice{Value: guide.Even, Words: "A tie"}, edit.Choice{Value: guide.Both, Words: "Several of them together"},
				edit.Choice{Value: guide.None, Words: "None of them"})})
	case "questions":
		add(edit.Field{Name: "question", Label: "Question"},
			edit.Field{Name: "answer", Label: "Answer", Kind: edit.Long, Hint: cites}, sources, restsOn,
			idField("id", "ID of the question"))
	case "call":
		add(edit.Field{Name: "heading", Label: "Heading"}, edit.Field{Name: "text", Label: "Text", Kind: edit.Long})
	}
	return fields
}

const cites = "Markdown. [^1] cites source 1 below, [our judgement] and [estimated] are labels."

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

// differences returns the fields in which two versions of a form differ, with the text of both.
func differences(fields []edit.Field, mine, theirs url.Values) []edit.Difference {
	var differ []edit.Difference
	for _, f := range fields {
		for _, name := range f.Names(mine, theirs) {
			a, b := wordsFor(f, mine[name]), wordsFor(f, theirs[name])
			if a != b {
				differ = append(differ, edit.Difference{Label: f.LabelOf(name), Mine: a, Theirs: b})
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
