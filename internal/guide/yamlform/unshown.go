package yamlform

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	gfm "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"tiebreak/internal/guide"
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
var markupInPlain = regexp.MustCompile("\\[\\^\\d+\\]|\\[(?:estimated|unknown|our " +
	"judgement)\\]|\\*\\*[^*\\s][^*]*\\*\\*|`[^`]+`|" +
	`\[[^\]]+\]\(https?:[^)]*\)|</?(?i:a|b|br|code|em|i|kbd|small|span|strong|sub|sup|u)(?:\s[^>]*)?/?>`)

// asTyped warns of markup in a text that is not Markdown.
func (c *checker) asTyped(path, text string) {
	if found := markupInPlain.FindString(text); found != "" {
		c.warn(path, "%s is shown as it is typed: this text is not Markdown", found)
	}
}

// additions warns of tables, struck words and tasks: readers see their signs.
func (c *checker) additions(path, markdownText string) {
	said := map[ast.NodeKind]bool{}
	// The walk's only errors are those of its visitor, which has none.
	_ = ast.Walk(guide.Githubs.Parse(text.NewReader([]byte(markdownText))),
		func(n ast.Node, entering bool) (ast.WalkStatus, error) {
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
