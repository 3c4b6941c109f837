package guide

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	gfm "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// markup matches what readers of Markdown take for markup: signs and entities anywhere, what begins a block at the start,
// and the signs that may close a heading.
var markup = regexp.MustCompile("[\\\\`*_\\[\\]<~]|&[#\\w]+;|^[-+>#=]|^\\d+[.)]| #")

var entity = regexp.MustCompile(`&[#\w]+;`)

// EscapeText returns plain text, such as a title or a name, as Markdown that reads the same, in one line.
func EscapeText(plain string) string {
	return markup.ReplaceAllStringFunc(strings.Join(strings.Fields(plain), " "), func(found string) string {
		if found[0] == '&' {
			return `\` + found
		}
		last := len(found) - 1
		return found[:last] + `\` + found[last:]
	})
}

// link returns a Markdown link that is shown as the plain text.
func link(plain, address string) string {
	if strings.ContainsAny(address, "()") || entity.MatchString(address) {
		address = "<" + entity.ReplaceAllString(address, `\$0`) + ">"
	}
	return "[" + EscapeText(plain) + "](" + address + ")"
}

// escapeForOthers returns the document with a backslash before each bracket that other readers of Markdown would take for raw
// HTML and drop, and before tildes with which they would strike words out, so that it says the same everywhere.
func escapeForOthers(document string) string {
	source := []byte(document)
	for brackets := htmlBrackets(source); len(brackets) > 0; brackets = htmlBrackets(source) {
		source = escapeAt(source, brackets)
	}
	return string(escapeAt(source, tildes(source)))
}

// escapeAt returns the source with a backslash before each of the offsets, which stand in order.
func escapeAt(source []byte, offsets []int) []byte {
	for _, at := range slices.Backward(offsets) {
		source = slices.Insert(source, at, '\\')
	}
	return source
}

// htmlBrackets returns the offsets at which CommonMark reads raw HTML.
func htmlBrackets(source []byte) []int {
	var brackets []int
	for n := range Nodes(goldmark.DefaultParser().Parse(text.NewReader(source))) {
		switch n := n.(type) {
		case *ast.RawHTML:
			brackets = append(brackets, n.Segments.At(0).Start)
		case *ast.HTMLBlock:
			line := n.Lines().At(0)
			brackets = append(brackets, line.Start+bytes.IndexByte(line.Value(source), '<'))
		}
	}
	return brackets
}

var (
	// github also reads what GitHub adds to Markdown, and guides do not have.
	github = goldmark.New(goldmark.WithParser(withoutHTML()),
		goldmark.WithExtensions(extension.Strikethrough, extension.Table, extension.TaskList)).Parser()
	striking = goldmark.New(goldmark.WithParser(withoutHTML()), goldmark.WithExtensions(extension.Strikethrough)).Parser()
)

// ParseGitHub returns the Markdown text, parsed with GitHub's tables, struck words and tasks.
func ParseGitHub(source []byte) ast.Node { return github.Parse(text.NewReader(source)) }

// tildes returns the offsets of the tildes of each paragraph in which GitHub's readers would strike words out.
func tildes(source []byte) []int {
	struck := map[int]bool{}
	for n := range Nodes(striking.Parse(text.NewReader(source))) {
		if n.Kind() == gfm.KindStrikethrough {
			struck[beginning(n)] = true
		}
	}
	var found []int
	for n := range Nodes(Parse(source)) {
		t, ok := n.(*ast.Text)
		if !ok || n.Parent().Kind() == ast.KindCodeSpan || !struck[beginning(n)] {
			continue
		}
		for i := t.Segment.Start; i < t.Segment.Stop; i++ {
			switch source[i] {
			case '\\':
				i++
			case '~':
				found = append(found, i)
			}
		}
	}
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

// Quoted returns a word that should be plain ASCII as a message shows it. It names the first character that is not, because
// that may look like one that is.
func Quoted(word string) string {
	i := strings.IndexFunc(word, func(r rune) bool { return r > unicode.MaxASCII })
	if i < 0 {
		return fmt.Sprintf("%q", word)
	}
	r := []rune(word[i:])[0]
	return fmt.Sprintf("%q (its %q is the character %U)", word, r, r)
}
