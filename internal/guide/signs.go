package guide

import (
	"regexp"
	"slices"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Sign is one of our two signs in prose: a footnote, such as [^1] for the first source of the text, or a label, such
// as [estimated]. In code and in addresses the same characters are text.
type Sign struct {
	Note  string // the number of the source; "" for a label
	Label string
}

// signNode is a sign in a parsed text.
type signNode struct {
	ast.BaseInline
	Sign
	place text.Segment
	html  string
}

var kindSign = ast.NewNodeKind("Sign")

func (*signNode) Kind() ast.NodeKind { return kindSign }

func (n *signNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type signs struct{}

var (
	sign          = regexp.MustCompile(`^\[(?:\^(\d+)|(estimated|unknown|our judgement))\]`)
	parsingSigns  = goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(signs{}, 150)))
	renderedSigns = goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(signs{}, 100)))
)

func (signs) Trigger() []byte { return []byte{'[', '!'} }

func (signs) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if line[0] == '!' { // a sentence that ends with it before a footnote is no image
		if found := sign.FindSubmatch(line[1:]); found == nil || len(found[1]) == 0 {
			return nil
		}
		block.Advance(1)
		return ast.NewTextSegment(segment.WithStop(segment.Start + 1))
	}
	found := sign.FindSubmatch(line)
	if found == nil {
		return nil
	}
	stop := len(found[0])
	if len(found[2]) > 0 && stop < len(line) && line[stop] == '(' {
		return nil // the words of a link
	}
	block.Advance(stop)
	return &signNode{Sign: Sign{string(found[1]), string(found[2])}, place: segment.WithStop(segment.Start + stop)}
}

// RegisterFuncs implements renderer.NodeRenderer.
func (signs) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindSign, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		_, err := w.WriteString(n.(*signNode).html)
		return ast.WalkContinue, err
	})
}

// signsIn returns the signs of a parsed text, in order.
func signsIn(document ast.Node) []*signNode {
	var found []*signNode
	for n := range Nodes(document) {
		if s, ok := n.(*signNode); ok {
			found = append(found, s)
		}
	}
	return found
}

// NotesIn returns the footnotes of a text, in order.
func NotesIn(markdownText string) []*signNode {
	return slices.DeleteFunc(signsIn(Parse([]byte(markdownText))), func(s *signNode) bool { return s.Note == "" })
}
