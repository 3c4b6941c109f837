package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/guide"
)

// MaxOptions is how many options the words are enough for.
const MaxOptions = len(trees) * (1 + len(colours))

// optionName is "Sample Alder" and, once the trees are used up, "Sample Amber Alder".
func optionName(i int) string {
	tree, colour := trees[i%len(trees)], i/len(trees)
	if colour == 0 {
		return "Sample " + tree
	}
	return "Sample " + colours[colour-1] + " " + tree
}

func slugOf(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }

func shelfOf(option int) shelf { return shelves[option%len(shelves)] }

func option(i int, day time.Time) guide.Option {
	name := optionName(i)
	o := guide.Option{
		Slug: slugOf(name), Name: name, Kind: shelfOf(i).kind,
		Homepage: "https://example.org/" + slugOf(name), Facts: map[string]guide.Fact{},
	}
	r := chance(o.Slug)
	for i, s := range subjects {
		checked := day.AddDate(0, 0, -r.IntN(360))
		if i == 0 {
			checked = day // the first fact holds the day of the set: Load finds it there again
		}
		o.Facts[s.key] = fact(r, o, s, checked)
	}
	return o
}

// fact is one value: mostly verified, sometimes estimated, seldom looked for and not found, and here and there overdue.
func fact(r *rand.Rand, o guide.Option, s subject, checked time.Time) guide.Fact {
	f := guide.Fact{
		Value: one(r, s.values), Detail: fill(r, one(r, details), o.Name, o.Name, s.words), Confidence: guide.Verified,
		Checked: guide.Day(checked), Review: guide.Day(checked.AddDate(0, one(r, []int{6, 12, 12, 18, 24}), 0)),
		Sources: []guide.Source{{Title: o.Name + ": " + s.words, URL: o.Homepage + "/" + s.key}},
	}
	switch p := r.IntN(100); {
	case p < 5:
		f.Confidence, f.Value = guide.Unknown, ""
		f.Detail = "Looked for in the sample documentation and in the release notes."
	case p < 25:
		f.Confidence = guide.Estimated
	}
	if r.IntN(3) == 0 {
		f.Sources = append(f.Sources, guide.Source{Title: o.Name + ": release notes", URL: o.Homepage + "/releases"})
	}
	return f
}

// rank is how good the option's value is, 0 being best; -1 if it is unknown.
func (s subject) rank(o guide.Option) int { return slices.Index(s.values, o.Facts[s.key].Value) }
