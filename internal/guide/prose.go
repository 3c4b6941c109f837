package guide

import (
	"maps"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// prose visits every text of the file that a reader reads as sentences, with its path, and says whether sources stand beside it.
func (f File) prose(visit func(path, text string, sourced bool)) {
	switch {
	case f.Option != nil:
		for _, key := range slices.Sorted(maps.Keys(f.Option.Facts)) {
			visit(at(at("facts", key), "detail"), f.Option.Facts[key].Detail, false)
		}
	case f.Guide != nil:
		f.Guide.prose(visit)
	}
}

func (g *Guide) prose(visit func(path, text string, sourced bool)) {
	each := func(path string, texts map[string]string, sourced bool) {
		for _, o := range g.Options {
			visit(at(path, o), texts[o], sourced)
		}
	}
	visit("subtitle", g.Subtitle, false)
	visit("intro", g.Intro, true)
	each("answer", g.Answer, false)
	visit("level.why", g.Level.Why, false)
	for i, c := range g.Summary {
		visit(at(item("summary", i), "why"), c.Why, false)
	}
	for i, d := range g.Dimensions {
		each(at(item("dimensions", i), "text"), d.Text, true)
		visit(at(item("dimensions", i), "means"), d.Means, true)
	}
	visit("verdict.headline", g.Verdict.Headline, false)
	visit("verdict.text", g.Verdict.Text, true)
	for _, o := range g.Options {
		for i, c := range g.Conditions[o] {
			visit(at(item(at("conditions", o), i), "text"), c.Text, false)
		}
	}
	for i, q := range g.Questions {
		visit(at(item("questions", i), "answer"), q.Answer, true)
	}
	visit("call.text", g.Call.Text, false)
}

// values visits the values that stand in table cells. They are Markdown too.
func (f File) values(visit func(path, text string, sourced bool)) {
	switch {
	case f.Option != nil:
		for _, key := range slices.Sorted(maps.Keys(f.Option.Facts)) {
			visit(at(at("facts", key), "value"), f.Option.Facts[key].Value, false)
		}
	case f.Guide != nil:
		for i, c := range f.Guide.Summary {
			for _, o := range f.Guide.Options {
				visit(at(at(item("summary", i), "values"), o), c.Values[o], false)
			}
		}
	}
}

// shown reports what a text says and no page would show.
func (c *checker) shown(path, markdownText string, sourced bool) {
	if strings.Contains(markdownText, exampleWord) {
		c.warn(path, "still the words of the example")
	}
	if found := note.FindString(markdownText); found != "" && !sourced {
		c.wrong(path, "%s cannot be shown: this text has no sources beside it", found)
	}
	source := []byte(markdownText)
	// The walk's only errors are those of its visitor, which has none.
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			c.wrong(path, "the picture %s cannot be shown: describe it in words", n.Destination)
		case *ast.Link:
			if html.IsDangerousURL(n.Destination) {
				c.wrong(path, "%s cannot be a link", n.Destination)
			}
		case *ast.AutoLink:
			if html.IsDangerousURL(n.URL(source)) {
				c.wrong(path, "%s cannot be a link", n.URL(source))
			}
		}
		return ast.WalkContinue, nil
	})
}
