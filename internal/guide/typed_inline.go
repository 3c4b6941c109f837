package guide

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

const webAddress = `https?://(?:[^\s()<>]|\([^\s()<>]*\))+`

var (
	wordLink    = regexp.MustCompile(`^\[([^\[\]\n]+)\]\((` + webAddress + `|mailto:[^\s()<>]+)\)`)
	bareAddress = regexp.MustCompile(`^` + webAddress)
)

// links are [words](https://…). The words are shown as typed.
type links struct{}

func (links) Trigger() []byte { return []byte{'['} }

func (links) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	found := wordLink.FindSubmatchIndex(line)
	if found == nil {
		return nil
	}
	link := ast.NewLink()
	link.Destination = slices.Clone(line[found[4]:found[5]])
	link.AppendChild(link, ast.NewTextSegment(text.NewSegment(segment.Start+found[2], segment.Start+found[3])))
	block.Advance(found[1])
	return link
}

// addresses are links that say where they lead.
type addresses struct{}

// Trigger returns what may stand before an address; the parser takes a space for the beginning of a line too.
func (addresses) Trigger() []byte { return []byte(" (<\"':;,>") }

func (addresses) Parse(parent ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	begin := 0
	if line[0] != 'h' {
		begin = 1
	}
	address := bytes.TrimRight(bareAddress.Find(line[begin:]), `.,:;!?'"*`)
	if len(address) == 0 {
		return nil
	}
	if begin > 0 {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(segment.Start+begin))
	}
	stop := begin + len(address)
	block.Advance(stop)
	return ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(segment.Start+begin, segment.Start+stop)))
}

// escapes are backslashes before signs that would be markup without them. Other backslashes are shown: paths have them.
type escapes struct{}

var escapesKey = parser.NewContextKey()

// escaped returns the offsets of the escaping backslashes that were met.
func escaped(pc parser.Context) []int {
	offsets, _ := pc.Get(escapesKey).([]int)
	return offsets
}

func (escapes) Trigger() []byte { return []byte{'\\'} }

func (e escapes) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	if !e.needed(parent, before, line[1:], pc) {
		block.Advance(1)
		return ast.NewTextSegment(segment.WithStop(segment.Start + 1))
	}
	pc.Set(escapesKey, append(escaped(pc), segment.Start))
	sign := len(line[1:]) - len(bytes.TrimLeft(line[1:], string(line[1])))
	block.Advance(1 + sign)
	return ast.NewTextSegment(text.NewSegment(segment.Start+1, segment.Start+1+sign))
}

// needed reports whether the rest of the line would begin with markup.
func (escapes) needed(parent ast.Node, before rune, rest []byte, pc parser.Context) bool {
	switch {
	case bytes.HasPrefix(rest, []byte("`")):
		return true
	case bytes.HasPrefix(rest, []byte("[")):
		return wordLink.Match(rest)
	case bytes.HasPrefix(rest, []byte("*")):
		all := escaped(pc)
		opened := pc.LastDelimiter() != nil || len(all) > 0 && all[len(all)-1] >= parent.Lines().At(0).Start
		return opens(before, rest) || opened && closes(before, rest)
	}
	return false
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
