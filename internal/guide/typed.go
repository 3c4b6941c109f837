package guide

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// typedMarkdown is the small Markdown of replies: paragraphs with their line breaks, lists with the numbers as typed, code in
// backticks, **bold** and *emphasis* around whole words, [words](https://…) and bare addresses. Everything else is shown as
// typed: people who write an email do not think of Markdown's further rules.
var typedMarkdown = goldmark.New(
	goldmark.WithParser(parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(listItems{parser.NewListItemParser()}, 400),
			util.Prioritized(fences{parser.NewFencedCodeBlockParser()}, 700),
			util.Prioritized(paragraphs{parser.NewParagraphParser()}, 1000)),
		parser.WithInlineParsers(
			util.Prioritized(escapes{}, 50),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(links{}, 200),
			util.Prioritized(stars{}, 500),
			util.Prioritized(addresses{}, 900)))),
	goldmark.WithRendererOptions(
		html.WithHardWraps(), html.WithWriter(verbatim{html.DefaultWriter}),
		renderer.WithNodeRenderers(util.Prioritized(fences{}, 100))))

// TypedHTML returns a typed reply as safe HTML blocks.
func TypedHTML(typed string) (string, error) {
	var out bytes.Buffer
	err := typedMarkdown.Convert([]byte(withoutHardBreaks(typed)), &out)
	return strings.TrimSpace(out.String()), err
}

// TypedText returns the reply for readers of plain text, without its markup. Items of lists keep a sign or their number, and the
// words of a link are followed by its address.
func TypedText(typed string) string {
	source := []byte(withoutHardBreaks(typed))
	return plainText(typedMarkdown.Parser().Parse(text.NewReader(source)), source)
}

func plainText(n ast.Node, source []byte) string {
	switch n := n.(type) {
	case *ast.Text:
		if n.SoftLineBreak() || n.HardLineBreak() {
			return strings.TrimRight(string(n.Value(source)), " ") + "\n"
		}
		return string(n.Value(source))
	case *ast.AutoLink:
		return string(n.Label(source))
	case *ast.Link:
		return plainChildren(n, source) + " (" + string(n.Destination) + ")"
	case *ast.FencedCodeBlock:
		code := strings.TrimRight(string(n.Lines().Value(source)), "\n")
		if n.Info != nil {
			return string(n.Info.Value(source)) + "\n" + code
		}
		return code
	case *ast.ListItem:
		sign := "- "
		if number, ok := n.AttributeString("value"); ok {
			sign = fmt.Sprintf("%s. ", number)
		}
		return sign + strings.ReplaceAll(plainChildren(n, source), "\n", "\n"+strings.Repeat(" ", len(sign)))
	}
	return plainChildren(n, source)
}

// plainChildren joins the parts of a node: blocks by an empty line, the items of a short list and what stands in them by a line
// break.
func plainChildren(n ast.Node, source []byte) string {
	var parts []string
	between := ""
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		parts = append(parts, plainText(child, source))
		if child.Type() == ast.TypeBlock {
			between = "\n\n"
		}
	}
	list, ok := n.(*ast.List)
	if item, is := n.(*ast.ListItem); is {
		list, ok = item.Parent().(*ast.List)
	}
	if ok && list.IsTight {
		between = "\n"
	}
	return strings.Join(parts, between)
}

// EscapeTyped returns plain text with backslashes where a reply would take its signs for markup.
func EscapeTyped(plain string) string {
	var out strings.Builder
	before := ' '
	for i, r := range plain {
		rest := plain[i:]
		if r == '`' || r == '[' && wordLink.MatchString(rest) || r == '*' && before != '*' && opens(before, []byte(rest)) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

// withoutHardBreaks adds a space to lines that end in a backslash, which the parser would take for its sign of a line break.
func withoutHardBreaks(typed string) string {
	return strings.NewReplacer("\\\n", "\\ \n", "\\\r\n", "\\ \r\n").Replace(typed)
}

// verbatim writes text without reading entities or backslashes in it.
type verbatim struct{ html.Writer }

func (v verbatim) Write(w util.BufWriter, source []byte) { v.RawWrite(w, source) }

// paragraphs may be indented: that makes no code of them.
type paragraphs struct{ parser.BlockParser }

func (paragraphs) CanAcceptIndentedLine() bool { return true }

// listItems keeps the number of each item.
type listItems struct{ parser.BlockParser }

var ItemNumber = regexp.MustCompile(`^\s*(\d+)[.)]`)

func (l listItems) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	number := ItemNumber.FindSubmatch(line)
	node, state := l.BlockParser.Open(parent, reader, pc)
	if node != nil && number != nil {
		node.SetAttributeString("value", slices.Clone(number[1]))
	}
	return node, state
}

// fences are code between lines of backticks. Words behind the first backticks are shown above the code.
type fences struct{ parser.BlockParser }

func (f fences) Trigger() []byte { return []byte{'`'} }

// RegisterFuncs implements renderer.NodeRenderer.
func (f fences) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindFencedCodeBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			_, err := w.WriteString("</code></pre>\n")
			return ast.WalkContinue, err
		}
		if info := n.(*ast.FencedCodeBlock).Info; info != nil {
			_, _ = w.WriteString("<p>")
			_, _ = w.Write(util.EscapeHTML(info.Value(source)))
			_, _ = w.WriteString("</p>\n")
		}
		_, _ = w.WriteString("<pre><code>")
		_, err := w.Write(util.EscapeHTML(n.Lines().Value(source)))
		return ast.WalkContinue, err
	})
}
