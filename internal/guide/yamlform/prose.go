package yamlform

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"tiebreak/internal/guide"
)

// prose visits every text of the file that a reader reads as sentences, with its path, and says whether sources stand beside it.
func (f File) prose(visit func(path, text string, sourced bool)) {
	switch {
	case f.Option != nil:
		for _, key := range slices.Sorted(maps.Keys(f.Option.Facts)) {
			visit(at(at("facts", key), "detail"), f.Option.Facts[key].Detail, false)
		}
	case f.Guide != nil:
		guideProse(f.Guide, visit)
	}
}

func guideProse(g *guide.Guide, visit func(path, text string, sourced bool)) {
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
		c.warn(path, "still the text of the example")
	}
	if notes := guide.NotesIn(markdownText); len(notes) > 0 && !sourced {
		c.wrong(path, "[^%s] cannot be shown: this text has no sources", notes[0].Note)
	}
	c.additions(path, markdownText)
	c.dropped(path, []byte(markdownText))
}

// dropped reports what our Markdown leaves out of a text or changes in it.
func (c *checker) dropped(path string, source []byte) {
	// The walk's only errors are those of its visitor, which has none.
	_ = ast.Walk(guide.Markdown.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			if found := pathInText.Find(n.Segment.Value(source)); found != nil && n.Parent().Kind() != ast.KindCodeSpan {
				c.warn(path, "a backslash of %s is not shown: put the whole path in backticks", found)
			}
		case *ast.LinkReferenceDefinition:
			if !guide.Used(n) {
				c.warn(path, "no link uses the line that begins with [%s]: put a backslash before it if readers should see it",
					n.Label)
			}
		case *ast.FencedCodeBlock:
			if n.Info != nil && bytes.ContainsAny(n.Info.Value(source), " \t") {
				c.wrong(path, "%q is not shown: code begins on the line below ```", n.Info.Value(source))
			}
		case *ast.List:
			c.numbered(path, n, source)
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

// pathInText matches the beginning of a Windows path with a backslash that Markdown drops.
var pathInText = regexp.MustCompile(`\b[A-Za-z]:(?:\\\w+)*\\[[:punct:]]\S*|\\\\\w\S*`)

// numbered warns of a list whose numbers jump: readers see them counted on from the first.
func (c *checker) numbered(path string, list *ast.List, source []byte) {
	want := list.Start
	for item := list.FirstChild(); list.IsOrdered() && item != nil; item = item.NextSibling() {
		if block := item.FirstChild(); block != nil && block.Lines().Len() > 0 {
			line := source[:block.Lines().At(0).Start]
			number := guide.ItemNumber.FindSubmatch(line[bytes.LastIndexByte(line, '\n')+1:])
			if number != nil && string(number[1]) != strconv.Itoa(want) && string(number[1]) != strconv.Itoa(list.Start) {
				c.warn(path, "the list item %s is shown as %d", number[1], want)
				return
			}
		}
		want++
	}
}
