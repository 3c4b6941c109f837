package demo

import (
	"fmt"
	"strings"

	"tiebreak/internal/guide"
)

// Most returns how many guides a number of options is enough for: one for each pair and each triple.
func Most(options int) int {
	pairs := options * (options - 1) / 2
	return pairs + pairs*(options-2)/3
}

// picks returns the options that each of n guides compares: mostly two, but three or four in every tenth guide and once there are
// no more pairs.
func picks(options []guide.Option, n int) (picks [][]guide.Option) {
	var pairs, more [][]guide.Option
	for span := 1; span < len(options) && len(pairs) < n; span++ {
		for first := 0; first+span < len(options); first++ {
			last := first + span
			pairs = append(pairs, []guide.Option{options[first], options[last]})
			for between := first + 1; between < last && len(more) < n; between++ {
				pick := []guide.Option{options[first], options[between], options[last]}
				if len(more)%5 == 4 && last+1 < len(options) {
					pick = append(pick, options[last+1])
				}
				more = append(more, pick)
			}
		}
	}
	for len(picks) < n {
		from := &pairs
		if len(pairs) == 0 || len(picks)%10 == 9 && len(more) > 0 {
			from = &more
		}
		picks, *from = append(picks, (*from)[0]), (*from)[1:]
	}
	return picks
}

// author writes one guide.
type author struct {
	writer
	options  []guide.Option
	long     int      // sentences a paragraph: some guides say more than others
	criteria []string // their ids
}

// compare returns the guide that compares the options, in the field of the first.
func compare(options []guide.Option) guide.Guide {
	var slugs, names []string
	for _, o := range options {
		slugs, names = append(slugs, o.Slug), append(names, o.Name)
	}
	slug, title := strings.Join(slugs, "-vs-"), strings.Join(names, " vs ")
	a := author{writer: newWriter(slug), options: options}
	a.long = a.Number(2, 6)
	g := guide.Guide{
		Slug: slug, Title: title, Options: slugs, Field: options[0].Kind + "s", Subtitle: "A sample guide: " + a.HackerPhrase(),
		Answer: a.each(func(int) string { return "for the " + a.thing() + "." }),
		Intro: "This guide is sample text, made by a program to show how a full site looks and how fast it answers.\n\n" +
			a.paragraph(1, a.long),
		Sources: a.sources("overview"), Summary: a.summary(), Dimensions: a.dimensions(), Conditions: a.conditions(),
	}
	g.Questions = a.questions()
	g.Level = guide.Level{Take: guide.Order{a.RandomString(slugs)}, Why: a.HackerPhrase()}
	g.Verdict = guide.Verdict{
		Headline: options[0].Name + " for most.", RestsOn: some(a.writer, a.criteria, 3),
		Text: a.paragraph(1, a.long) + "\n\n" + a.paragraph(2, a.long),
	}
	g.Call = guide.Call{Heading: "Ready to start with " + title + "?", Text: "This is a sample page, but the form is real."}
	return g
}

// summary returns 8 to 12 facts and two judgements of the guide's own.
func (a *author) summary() (rows []guide.Criterion) {
	for _, s := range some(a.writer, subjects, a.Number(8, len(subjects))) {
		key := keyOf(s)
		rows = append(rows, guide.Criterion{ID: key, Label: s, Fact: key, Edge: edge(a.options, key), Why: a.HackerPhrase()})
	}
	for _, label := range []string{"Learning curve", "Ease of leaving"} {
		rows = append(rows, guide.Criterion{
			ID: keyOf(label), Label: label, Edge: guide.Even, Why: a.HackerPhrase(),
			Values: a.each(func(int) string { return a.RandomString(values) }),
		})
	}
	for _, r := range rows {
		a.criteria = append(a.criteria, r.ID)
	}
	return rows
}

// dimensions returns 5 to 9 sections with two paragraphs an option; source i belongs to option i.
func (a *author) dimensions() (all []guide.Dimension) {
	for _, s := range some(a.writer, subjects, a.Number(5, 9)) {
		all = append(all, guide.Dimension{
			ID: keyOf(s), Title: s + " and the " + a.thing(), Means: a.HackerPhrase() + " [our judgement]",
			Text:    a.each(func(i int) string { return a.paragraph(i+1, a.long) + "\n\n" + a.paragraph(i+1, a.long) }),
			Sources: a.sources(keyOf(s)),
		})
	}
	return all
}

// conditions returns 5 to 8 for each option.
func (a *author) conditions() map[string][]guide.Condition {
	all := map[string][]guide.Condition{}
	for _, o := range a.options {
		for i := range a.Number(5, 8) {
			all[o.Slug] = append(all[o.Slug], guide.Condition{
				ID: fmt.Sprintf("%s-%d", o.Slug, i+1), Text: "You " + a.HackerVerb() + " the " + a.thing(),
				Weight: a.Number(1, 3), RestsOn: some(a.writer, a.criteria, 1),
			})
		}
	}
	return all
}

func (a *author) questions() (all []guide.Question) {
	for i := range a.Number(5, 10) {
		all = append(all, guide.Question{
			ID: fmt.Sprintf("question-%d", i+1), Question: "Can it " + a.HackerVerb() + " the " + a.thing() + "?",
			Answer: a.paragraph(1, a.long), RestsOn: some(a.writer, a.criteria, 2), Sources: a.sources("questions"),
		})
	}
	return all
}

// each returns a text for each option, by slug.
func (a *author) each(text func(i int) string) map[string]string {
	texts := map[string]string{}
	for i, o := range a.options {
		texts[o.Slug] = text(i)
	}
	return texts
}

// sources returns one page of each option.
func (a *author) sources(page string) (all []guide.Source) {
	for _, o := range a.options {
		all = append(all, guide.Source{Title: o.Name + ": " + page, URL: o.Homepage + "/" + page})
	}
	return all
}
