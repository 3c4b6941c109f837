package guide

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// TypedText returns the reply for readers of plain text: as typed, less the backslashes that keep signs from being markup.
func TypedText(typed string) string {
	context := parser.NewContext()
	typedMarkdown.Parser().Parse(text.NewReader([]byte(typed)), parser.WithContext(context))
	shown := []byte(typed)
	for _, at := range slices.Backward(escaped(context)) {
		shown = slices.Delete(shown, at, at+1)
	}
	return string(shown)
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

// stars are *emphasis* and **bold**. They stand at the edges of words: in 2*3*4 and *.tmp a star is a star.
type stars struct{}

func (stars) Trigger() []byte { return []byte{'*'} }

func (stars) IsDelimiter(b byte) bool { return b == '*' }

func (stars) CanOpenCloser(opener, closer *parser.Delimiter) bool { return true }

func (stars) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

func (s stars) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, s)
	node.CanOpen, node.CanClose = opens(before, line), closes(before, line)
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

// opens reports whether emphasis may begin with the stars that the line begins with.
func opens(before rune, line []byte) bool {
	after := behindStars(line)
	return !isWord(before) && (isWord(after) || strings.ContainsRune("`[(\"'“‘„«¿¡", after))
}

// closes reports whether emphasis may end with the stars that the line begins with.
func closes(before rune, line []byte) bool {
	return !unicode.IsSpace(before) && !isWord(behindStars(line))
}

// behindStars returns the rune that follows stars, or stars with backslashes between them.
func behindStars(line []byte) rune {
	r, _ := utf8.DecodeRune(bytes.TrimLeft(line, `*\`))
	return r
}

func isWord(r rune) bool { return unicode.In(r, unicode.L, unicode.M, unicode.N) }
