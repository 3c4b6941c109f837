package guide

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// FactVersion is one version of a fact, with who made it.
type FactVersion struct {
	Fact
	MadeAt   time.Time
	MemberID int64  // 0 for an import from the command line
	Member   string // their name
}

// FactUse is a published guide that shows a fact.
type FactUse struct {
	Slug, Title string
	Effect
	Leads int // open leads that came from it
}

// Effect is what rests on a fact in one guide.
type Effect struct {
	Rows       []EffectRow
	Conditions []EffectCondition
	Questions  []Question
	Verdict    string // its headline, in plain text; "" if the verdict does not rest on the fact
}

// EffectRow is a row of the summary that shows the fact.
type EffectRow struct {
	Row
	Outcome string // "Django ahead", "a tie", "not counted"
}

// EffectCondition is a condition that rests on the fact, with the option that it speaks for.
type EffectCondition struct {
	Condition
	Option string // its name
}

// EffectOf returns what rests on the facts with the key, of which each row shows one for each option.
func (e *Edition) EffectOf(key string) Effect {
	var effect Effect
	var shown []string
	for _, r := range e.Rows() {
		if r.Fact == key {
			effect.Rows, shown = append(effect.Rows, EffectRow{r, e.edgeWords(r.Edge)}), append(shown, r.ID)
		}
	}
	rests := func(on []string) bool {
		return slices.ContainsFunc(on, func(criterion string) bool { return slices.Contains(shown, criterion) })
	}
	for _, r := range e.reasons() {
		if rests(r.RestsOn) {
			effect.Conditions = append(effect.Conditions, EffectCondition{r.Condition, r.option.Name})
		}
	}
	for _, q := range e.Guide.Questions {
		if rests(q.RestsOn) {
			effect.Questions = append(effect.Questions, q)
		}
	}
	if rests(e.Guide.Verdict.RestsOn) {
		effect.Verdict = PlainText(e.Guide.Verdict.Headline)
	}
	return effect
}

// Cited returns the pages that the option's facts cite, each once, by their titles. What to look for on a page differs from
// fact to fact and is left out.
func (o Option) Cited() []Source {
	byURL := map[string]Source{}
	for _, f := range o.Facts {
		for _, s := range f.Sources {
			s.Find = nil
			known, cited := byURL[s.URL]
			if !cited || known.Copy.Before(s.Copy) || known.Copy == s.Copy && s.Title < known.Title {
				byURL[s.URL] = s
			}
		}
	}
	return slices.SortedFunc(maps.Values(byURL), func(a, b Source) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.URL, b.URL))
	})
}

// DueFacts are the facts that wait for an editor, those that do most harm first.
type DueFacts struct {
	Overdue []DueFact
	Changed []DueFact // published guides still say that they are under review

	UnderReview []ReviewGuide // the guides that say so
}

// ReviewGuide is a published guide of which facts changed since its revision was published.
type ReviewGuide struct {
	Slug, Title string
	Edition     string   // digest of what it shows now
	Options     []string // names of the options whose facts changed
}

// DueFact is a fact in force, with the published guides that show it.
type DueFact struct {
	Slug, Name string // of its option
	Key        string
	Fact
	Label          string   // what the first of the guides calls it; "" if no guide shows it
	Guides, Titles []string // slugs and titles of the guides, in the same order
}

// ListedOption is an option in the list of all.
type ListedOption struct {
	Slug, Name, Kind string
	Retired          bool
	Facts, Overdue   int
	Guides           int // published guides that compare it
}
