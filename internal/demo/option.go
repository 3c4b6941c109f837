package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/text"
)

// kinds are what options can be; the guides of each kind have a field of their own.
var kinds = []string{
	"database", "web framework", "message queue", "search engine", "cache", "build tool", "identity provider", "content system",
	"dashboard", "test runner",
}

// subjects are the facts that every option has.
var subjects = []string{
	"Licence", "Support window", "Release pace", "Governance", "Data formats", "Backups", "Scaling out", "Access control",
	"Monitoring", "Documentation", "First set-up", "Client libraries",
}

// values are what a fact or a judgement can say, the best first.
var values = []string{"Built in", "With a package", "By hand", "Not offered"}

// sampleOptions returns n sample options. Their facts were checked in the year up to day.
func sampleOptions(n int, day time.Time) []guide.Option {
	all := make([]guide.Option, n)
	for i := range all {
		slug := fmt.Sprintf("sample-%d", i+1)
		w := newWriter(slug)
		o := guide.Option{
			Slug: slug, Name: fmt.Sprintf("Sample %s %d", text.Capitalise(w.HackerNoun()), i+1),
			Kind: "Sample " + kinds[i%len(kinds)], Homepage: "https://example.org/" + slug, Facts: map[string]guide.Fact{},
		}
		if i%20 == 19 {
			o.Name += " with a Much Longer Name than the Others Have"
		}
		for _, s := range subjects {
			o.Facts[keyOf(s)] = w.fact(o, s, day)
		}
		all[i] = o
	}
	return all
}

// fact returns a fact that is mostly verified, sometimes estimated, seldom unknown, and sometimes overdue.
func (w writer) fact(o guide.Option, subject string, day time.Time) guide.Fact {
	checked := day.AddDate(0, 0, -w.IntN(360))
	f := guide.Fact{
		Value: w.RandomString(values), Detail: w.HackerPhrase(), Confidence: guide.Verified,
		Checked: guide.Day(checked), Review: guide.Day(checked.AddDate(0, 6*w.Number(1, 4), 0)),
		Sources: []guide.Source{{Title: o.Name + ": " + subject, URL: o.Homepage + "/" + keyOf(subject)}},
	}
	switch p := w.IntN(100); {
	case p < 5:
		f.Confidence, f.Value = guide.Unknown, ""
	case p < 25:
		f.Confidence = guide.Estimated
	}
	return f
}

// edge returns the option with the one best value of the fact, or even if two are as good or a value is not known.
func edge(options []guide.Option, fact string) string {
	best, edge := len(values), guide.Even
	for _, o := range options {
		switch rank := slices.Index(values, o.Facts[fact].Value); {
		case rank < 0:
			return guide.Even
		case rank < best:
			best, edge = rank, o.Slug
		case rank == best:
			edge = guide.Even
		}
	}
	return edge
}

func keyOf(label string) string { return strings.ReplaceAll(strings.ToLower(label), " ", "-") }
