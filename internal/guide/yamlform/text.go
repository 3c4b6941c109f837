package yamlform

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

func (d *decoder) text(n *yaml.Node, v reflect.Value, path string) {
	if mistake := d.mistakeIn(n); mistake != "" {
		d.reject(n, path, "%s", mistake)
		return
	}
	d.warnOfComment(n, path)
	d.warnOfLosses(n, path)
	if n.Tag != "!!null" {
		v.SetString(Trim(n.Value))
		d.texts = append(d.texts, pathText{path, v.String()})
	}
}

// Trim returns the text without space around it. The first of several lines keeps its indentation, which may make it
// code or an item of a list.
func Trim(value string) string {
	value = strings.TrimRightFunc(value, unicode.IsSpace)
	text := strings.TrimSpace(value)
	if !strings.Contains(text, "\n") {
		return text
	}
	before := strings.TrimSuffix(value, text)
	depth := strings.ReplaceAll(before[strings.LastIndex(before, "\n")+1:], "\t", "    ") // YAML cannot write a tab here
	if strings.Trim(depth, " ") != "" {
		return text
	}
	return depth + text
}

// mistakeIn returns why a page cannot show the value as text, or "".
func (d *decoder) mistakeIn(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return "expected text"
	}
	if mistake := TooMuch(n.Value); mistake != "" {
		return mistake
	}
	if i := strings.IndexFunc(n.Value, unshown); i >= 0 {
		first, more := d.written(n)
		if found, _ := lostPath(n, first, more); found != "" {
			return fmt.Sprintf(lostBackslash, found)
		}
		r, _ := utf8.DecodeRuneInString(n.Value[i:])
		return fmt.Sprintf(controlCharacter, r)
	}
	if n.Style == 0 && len(n.LineComment) > 1 && n.LineComment[1] != ' ' {
		return n.LineComment + " would be taken for a comment and not be shown: put the whole text in quotes"
	}
	if n.Tag == "!!null" && n.Value != "" {
		return n.Value + " is YAML for nothing: put it in quotes if you mean the word"
	}
	return ""
}

// warnOfComment warns of words behind a text that YAML takes for a comment. Behind a name or a choice they are one.
func (d *decoder) warnOfComment(n *yaml.Node, path string) {
	if n.Style != 0 || n.LineComment == "" || IsSlug(n.Value) || strings.Contains(n.Value, exampleWord) {
		return
	}
	d.warn(place{n.Line, n.Column}, path,
		"%s is taken for a comment and not shown: put the whole text in quotes if it belongs to it", n.LineComment)
}

// Limits of a text: far more than a page has room for. The time to read Markdown grows with the square of how deeply it is
// nested.
const (
	maxTyped    = 20_000 // characters
	maxBrackets = 1000
)

var deepQuote = regexp.MustCompile(`(?m)^(?:[ \t]*>){20}`)

// TooMuch returns why a text is not taken for its size, or "".
func TooMuch(text string) string {
	switch n := utf8.RuneCountInString(text); {
	case n > maxTyped:
		return fmt.Sprintf("%d characters: write at most %d", n, maxTyped)
	case deepQuote.MatchString(text), strings.Count(text, "[") > maxBrackets:
		return "too many signs of Markdown inside each other"
	}
	return ""
}
