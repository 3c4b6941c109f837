package guide

import (
	"maps"
	"slices"
)

// prose visits every text of the file that a reader reads as sentences, with its path.
func (f File) prose(visit func(path, text string)) {
	if f.Option != nil {
		for _, key := range slices.Sorted(maps.Keys(f.Option.Facts)) {
			visit(at(at("facts", key), "detail"), f.Option.Facts[key].Detail)
		}
	}
	if f.Guide == nil {
		return
	}
	g := f.Guide
	visit("subtitle", g.Subtitle)
	visit("intro", g.Intro)
	for _, o := range g.Options {
		visit(at("answer", o), g.Answer[o])
	}
	visit("level.why", g.Level.Why)
	for i, c := range g.Summary {
		visit(at(item("summary", i), "why"), c.Why)
	}
	for i, d := range g.Dimensions {
		path := item("dimensions", i)
		for _, o := range g.Options {
			visit(at(at(path, "text"), o), d.Text[o])
		}
		visit(at(path, "means"), d.Means)
	}
	visit("verdict.headline", g.Verdict.Headline)
	visit("verdict.text", g.Verdict.Text)
	for _, o := range g.Options {
		for i, c := range g.Conditions[o] {
			visit(at(item(at("conditions", o), i), "text"), c.Text)
		}
	}
	for i, q := range g.Questions {
		visit(at(item("questions", i), "answer"), q.Answer)
	}
	visit("call.text", g.Call.Text)
}
