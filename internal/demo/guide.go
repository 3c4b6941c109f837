package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"tiebreak/internal/guide"
)

// author writes one guide.
type author struct {
	*rand.Rand
	options  []guide.Option
	long     int // sentences a paragraph at least: some guides say more than others
	criteria []string
	ahead    map[string]int // rows, by option
}

// write is the guide that compares the options, on its shelf.
func write(options []guide.Option, on shelf) guide.Guide {
	var slugs, names []string
	for _, o := range options {
		slugs, names = append(slugs, o.Slug), append(names, o.Name)
	}
	slug := strings.Join(slugs, "-vs-")
	r := chance(slug)
	a := author{Rand: r, options: options, long: between(r, 2, 7), ahead: map[string]int{}}
	first, second := names[0], names[1]

	g := guide.Guide{
		Slug: slug, Title: strings.Join(names, " vs "), Options: slugs, Field: on.name,
		Subtitle: fill(r, one(r, subtitles), first, second, strings.ToLower(on.kind)),
		Answer:   a.each(func(_ int, o guide.Option) string { return a.say(answers, o, "the work") }),
		Summary:  a.summary(), Dimensions: a.dimensions(), Conditions: a.conditions(), Questions: a.questions(),
		Sources: a.sources("overview"),
		Call: guide.Call{
			Heading: fmt.Sprintf("Ready to start with %s or %s?", first, second),
			Text:    fill(r, one(r, calls), first, second, "the work"),
		},
	}
	g.Intro = "This guide is sample text, made by a program to show how a full site looks and how fast it answers.\n\n" +
		a.paragraph(0, "the work") + "\n\n" + a.paragraph(1, "the work")
	g.Level = guide.Level{Take: a.leader().Slug, Why: a.say(levels, a.leader(), "the work")}
	g.Verdict = guide.Verdict{
		Headline: a.say(headlines, a.leader(), "the work"),
		Text:     a.paragraph(0, "the choice") + "\n\n" + a.paragraph(1, "the choice"),
		RestsOn:  some(r, a.criteria, between(r, 3, 6)),
	}
	return g
}

// summary is 9 to 16 rows: mostly facts, then some of the guide's own judgements.
func (a *author) summary() []guide.Criterion {
	var rows []guide.Criterion
	for _, s := range some(a.Rand, subjects, between(a.Rand, 8, len(subjects))) {
		edge, why := a.edge(s)
		rows = append(rows, guide.Criterion{ID: s.key, Label: s.label, Fact: s.key, Edge: edge, Why: a.say(why, a.options[0], s.words)})
	}
	for _, j := range some(a.Rand, judgements, between(a.Rand, 1, 4)) {
		edge, why := one(a.Rand, a.options).Slug, edges
		if a.IntN(3) == 0 {
			edge, why = guide.Even, evens
		}
		values := a.each(func(_ int, o guide.Option) string {
			if o.Slug == edge {
				return j.values[0]
			}
			return one(a.Rand, j.values[1:])
		})
		rows = append(rows, guide.Criterion{ID: j.key, Label: j.label, Values: values, Edge: edge, Why: a.say(why, a.options[0], j.words)})
	}
	for _, row := range rows {
		a.criteria = append(a.criteria, row.ID)
		a.ahead[row.Edge]++
	}
	return rows
}

// edge is the option with the one best value, or even where two are as good or a value is not known; with what to say of it.
func (a *author) edge(s subject) (edge string, why []string) {
	best := len(s.values)
	for _, o := range a.options {
		switch rank := s.rank(o); {
		case rank < 0:
			return guide.Even, gaps
		case rank < best:
			edge, why, best = o.Slug, edges, rank
		case rank == best:
			edge, why = guide.Even, evens
		}
	}
	return edge, why
}

// leader is the option that is ahead in most rows; the first of those that are level.
func (a *author) leader() guide.Option {
	leader := a.options[0]
	for _, o := range a.options {
		if a.ahead[o.Slug] > a.ahead[leader.Slug] {
			leader = o
		}
	}
	return leader
}

// dimensions are 5 to 9 sections with two paragraphs an option; source i belongs to option i.
func (a *author) dimensions() []guide.Dimension {
	var all []guide.Dimension
	for _, t := range some(a.Rand, topics, between(a.Rand, 5, 9)) {
		all = append(all, guide.Dimension{
			ID: t.key, Title: t.label,
			Text: a.each(func(i int, _ guide.Option) string {
				return a.paragraph(i, t.words) + "\n\n" + a.paragraph(i, t.words)
			}),
			Means:   a.say(meanings, one(a.Rand, a.options), t.words) + " [our judgement] " + a.say(meanings, one(a.Rand, a.options), t.words),
			Sources: a.sources(t.key),
		})
	}
	return all
}

// conditions are 5 to 8 an option, each resting on one or two rows.
func (a *author) conditions() map[string][]guide.Condition {
	all := map[string][]guide.Condition{}
	for _, o := range a.options {
		for i, need := range some(a.Rand, needs, between(a.Rand, 5, 8)) {
			all[o.Slug] = append(all[o.Slug], guide.Condition{
				ID: fmt.Sprintf("%s-%d", o.Slug, i+1), Text: fill(a.Rand, need, o.Name, a.rival(o).Name, "the work"),
				Weight: between(a.Rand, 1, 3), RestsOn: some(a.Rand, a.criteria, between(a.Rand, 1, 2)),
			})
		}
	}
	return all
}

func (a *author) questions() []guide.Question {
	var all []guide.Question
	for _, q := range some(a.Rand, asked, between(a.Rand, 5, 10)) {
		i := a.IntN(len(a.options))
		o := a.options[i]
		all = append(all, guide.Question{
			ID: q.key, Question: fill(a.Rand, q.label, o.Name, a.rival(o).Name, q.words),
			Answer: a.paragraph(i, q.words), RestsOn: some(a.Rand, a.criteria, between(a.Rand, 1, 3)), Sources: a.sources(q.key),
		})
	}
	return all
}

// each is a text for each option, by slug.
func (a *author) each(text func(i int, o guide.Option) string) map[string]string {
	texts := map[string]string{}
	for i, o := range a.options {
		texts[o.Slug] = text(i, o)
	}
	return texts
}

// sources are one page of each option.
func (a *author) sources(page string) []guide.Source {
	var all []guide.Source
	for _, o := range a.options {
		all = append(all, guide.Source{Title: o.Name + ": " + page, URL: o.Homepage + "/" + page})
	}
	return all
}

// rival is one of the options that o is compared with.
func (a *author) rival(o guide.Option) guide.Option {
	for {
		if other := one(a.Rand, a.options); other.Slug != o.Slug {
			return other
		}
	}
}
