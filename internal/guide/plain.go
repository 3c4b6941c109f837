package guide

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

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

// Shorten returns the text, cut at a word so that it has at most so many letters, with an ellipsis if anything is left out.
func Shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	short := string([]rune(text)[:most])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	} else {
		short = string([]rune(text)[:most-1])
	}
	return strings.TrimRight(short, " ,;:") + "…"
}
