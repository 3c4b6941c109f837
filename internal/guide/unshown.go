package guide

import (
	"regexp"
	"slices"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gfm "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// plain visits every text of the file that is shown as it is typed: titles, names and the like.
func (f File) plain(visit func(path, text string)) {
	switch {
	case f.Option != nil:
		visit("name", f.Option.Name)
		visit("kind", f.Option.Kind)
	case f.Guide != nil:
		visit("title", f.Guide.Title)
		visit("field", f.Guide.Field)
		for i, c := range f.Guide.Summary {
			visit(at(item("summary", i), "label"), c.Label)
		}
		for i, d := range f.Guide.Dimensions {
			visit(at(item("dimensions", i), "title"), d.Title)
		}
		for i, q := range f.Guide.Questions {
			visit(at(item("questions", i), "question"), q.Question)
		}
		visit("call.heading", f.Guide.Call.Heading)
	}
}

// markupInPlain matches what an author means as markup: our signs, bold words, code, links and tags that style words.
var markupInPlain = regexp.MustCompile("\\[\\^\\d+\\]|\\[(?:estimated|unknown|our judgement)\\]|\\*\\*[^*\\s][^*]*\\*\\*|`[^`]+`|" +
	`\[[^\]]+\]\(https?:[^)]*\)|</?(?i:a|b|br|code|em|i|kbd|small|span|strong|sub|sup|u)(?:\s[^>]*)?/?>`)

// asTyped warns of markup in a text that is not Markdown.
func (c *checker) asTyped(path, text string) {
	if found := markupInPlain.FindString(text); found != "" {
		c.warn(path, "%s is shown as it is typed: this text is not Markdown", found)
	}
}

var (
	// githubs reads what GitHub adds to Markdown, and guides do not have.
	githubs = goldmark.New(goldmark.WithParser(withoutHTML()),
		goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.TaskList)).Parser()
	striking = goldmark.New(goldmark.WithParser(withoutHTML()), goldmark.WithExtensions(extension.Strikethrough)).Parser()
)

// additions warns of tables, struck words and tasks: readers see their signs.
func (c *checker) additions(path, markdownText string) {
	said := map[ast.NodeKind]bool{}
	// The walk's only errors are those of its visitor, which has none.
	_ = ast.Walk(githubs.Parse(text.NewReader([]byte(markdownText))), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		what := map[ast.NodeKind]string{
			gfm.KindTable: "a table", gfm.KindStrikethrough: "words between tildes", gfm.KindTaskCheckBox: "a box to tick",
		}[n.Kind()]
		if what != "" && !said[n.Kind()] {
			said[n.Kind()] = true
			c.warn(path, "guides do not have %s: readers see the signs as they are typed", what)
		}
		return ast.WalkContinue, nil
	})
}

// tildes returns the offsets of the tildes of each paragraph in which GitHub's readers would strike words out.
func tildes(source []byte) []int {
	struck := map[int]bool{}
	_ = ast.Walk(striking.Parse(text.NewReader(source)), func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		if n.Kind() == gfm.KindStrikethrough {
			struck[beginning(n)] = true
		}
		return ast.WalkContinue, nil
	})
	var found []int
	_ = ast.Walk(markdown.Parser().Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		t, ok := n.(*ast.Text)
		if !ok || !entering || n.Parent().Kind() == ast.KindCodeSpan || !struck[beginning(n)] {
			return ast.WalkContinue, nil
		}
		for i := t.Segment.Start; i < t.Segment.Stop; i++ {
			switch source[i] {
			case '\\':
				i++
			case '~':
				found = append(found, i)
			}
		}
		return ast.WalkContinue, nil
	})
	slices.Sort(found)
	return found
}

// beginning returns where the block of the node begins; -1 if it holds no lines.
func beginning(n ast.Node) int {
	for n != nil && n.Type() != ast.TypeBlock {
		n = n.Parent()
	}
	if n == nil || n.Lines().Len() == 0 {
		return -1
	}
	return n.Lines().At(0).Start
}
