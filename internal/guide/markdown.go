package guide

import (
	"bytes"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown is CommonMark without raw HTML: angle brackets are text, so `Vec<T>` reads as written and no author can bring
// markup of their own onto a page.
var markdown = goldmark.New(goldmark.WithParser(withoutHTML()), parsingSigns, renderedSigns, showingUnusedDefinitions)

// withoutHTML returns the standard parser less its two rules for raw HTML.
func withoutHTML() parser.Parser {
	isHTML := func(v util.PrioritizedValue) bool {
		return v.Value == parser.NewHTMLBlockParser() || v.Value == parser.NewRawHTMLParser()
	}
	return parser.NewParser(
		parser.WithBlockParsers(slices.DeleteFunc(parser.DefaultBlockParsers(), isHTML)...),
		parser.WithInlineParsers(slices.DeleteFunc(parser.DefaultInlineParsers(), isHTML)...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))
}

// Parse returns the parsed Markdown text.
func Parse(source []byte) ast.Node { return markdown.Parser().Parse(text.NewReader(source)) }

// Nodes yields the node and all that is in it, in the order of the text.
func Nodes(root ast.Node) iter.Seq[ast.Node] {
	return func(yield func(ast.Node) bool) {
		_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			if entering && !yield(n) {
				return ast.WalkStop, nil
			}
			return ast.WalkContinue, nil
		})
	}
}

// HTML returns the Markdown text as safe HTML blocks. Show returns the HTML of a sign.
func HTML(markdownText string, show func(Sign) (string, error)) (_ string, err error) {
	source := []byte(markdownText)
	document := Parse(source)
	for _, s := range signsIn(document) {
		if s.html, err = show(s.Sign); err != nil {
			return "", err
		}
	}
	var out bytes.Buffer
	err = markdown.Renderer().Render(&out, source, document)
	return strings.TrimSpace(out.String()), err
}

// InlineHTML returns a one-paragraph Markdown text as safe HTML, without the paragraph around it.
func InlineHTML(text string, show func(Sign) (string, error)) (string, error) {
	whole, err := HTML(text, show)
	if err != nil {
		return "", err
	}
	inner, one := strings.CutPrefix(whole, "<p>")
	inner, closed := strings.CutSuffix(inner, "</p>")
	if one && closed && !strings.Contains(inner, "<p>") {
		return inner, nil
	}
	return whole, nil
}

// definitions shows "[label]: address" as text where no link uses it. CommonMark would drop the line without a word.
type definitions struct{}

var showingUnusedDefinitions = goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(definitions{}, 100)))

// RegisterFuncs implements renderer.NodeRenderer.
func (definitions) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindLinkReferenceDefinition, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus,
		error,
	) {
		definition := n.(*ast.LinkReferenceDefinition)
		if !entering || Used(definition) {
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("<p>")
		_, _ = w.Write(util.EscapeHTML(definition.Lines().Value(source)))
		_, err := w.WriteString("</p>\n")
		return ast.WalkContinue, err
	})
}

// Used reports whether a link of the document leads where the definition says.
func Used(definition *ast.LinkReferenceDefinition) bool {
	for n := range Nodes(definition.OwnerDocument()) {
		if link, ok := n.(*ast.Link); ok && bytes.Equal(link.Destination, definition.Destination) {
			return true
		}
	}
	return false
}

// PlainText returns a Markdown text as a page shows it, without markup or footnotes, in one line; labels stand in round
// brackets.
func PlainText(markdownText string) string { return oneLine(plain(markdownText)) }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// sentenceEnd matches what ends a sentence, with the quotes and brackets that close there.
var sentenceEnd = regexp.MustCompile(`[.?!][)”’"']*\s+`)

// Sentences returns the sentences of a Markdown text as PlainText shows them. Blocks of code have none.
func Sentences(markdownText string) (sentences []string) {
	for block := range strings.SplitSeq(plain(markdownText), "\n") {
		for _, s := range sentenceEnd.Split(block, -1) {
			if s = oneLine(s); s != "" {
				sentences = append(sentences, s)
			}
		}
	}
	return sentences
}

// plain returns the text without markup, each block on a line of its own.
func plain(markdownText string) string {
	source := []byte(markdownText)
	var out strings.Builder
	for n := range Nodes(Parse(source)) {
		if n.Type() == ast.TypeBlock {
			out.WriteByte('\n')
		}
		switch n := n.(type) {
		case *ast.Text:
			out.Write(read(n, source))
			if n.SoftLineBreak() || n.HardLineBreak() {
				out.WriteByte(' ')
			}
		case *signNode:
			if n.Label != "" {
				out.WriteString("(" + n.Label + ")")
			}
		case *ast.String:
			out.Write(n.Value)
		case *ast.LinkReferenceDefinition:
			if !Used(n) {
				out.Write(n.Lines().Value(source))
			}
		case *ast.AutoLink:
			out.Write(n.Label(source))
		}
	}
	return out.String()
}

// read returns what the node says: outside of code, entities and escapes stand for what they mean.
func read(n *ast.Text, source []byte) []byte {
	value := n.Segment.Value(source)
	if n.Parent().Kind() == ast.KindCodeSpan {
		return value
	}
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value)))
}
