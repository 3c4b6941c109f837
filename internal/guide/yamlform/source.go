package yamlform

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// severalLines are the styles of texts in which a line may begin with # and belong to the text.
const severalLines = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// lineBreaks are those of YAML.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// sourceLines returns the lines of the file as YAML counts them.
func sourceLines(t Text) []string {
	read, err := encodingOf(t.Content).NewDecoder().Bytes(t.Content)
	if err != nil {
		return nil
	}
	return strings.Split(lineBreaks.Replace(string(read)), "\n")
}

// properties are the anchor and the tag that may stand before a value.
var properties = regexp.MustCompile(`^(?:[&!]\S*\s+)*`)

// maxLine is how long a line may be, in bytes, of which it is still looked at how an author wrote a text in it: a program
// writes longer ones, with any number of texts in each.
const maxLine = 10_000

// written returns the text as it stands in the file: the rest of the line on which it begins, which is the header of a
// block, and the further lines that belong to it. It is empty where the line is too long.
func (d *decoder) written(n *yaml.Node) (first string, more []string) {
	if n.Line < 1 || n.Line > len(d.lines) || len(d.lines[n.Line-1]) > maxLine {
		return "", nil
	}
	begin := []rune(d.lines[n.Line-1])
	first = properties.ReplaceAllString(string(begin[min(max(n.Column-1, 0), len(begin)):]), "")
	more = d.lines[n.Line:]
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return first, more[:d.blockLength(first, more)]
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		return first, more[:quotedLength(first, more)]
	}
	words := len(strings.Fields(n.Value)) - len(strings.Fields(first))
	for i, line := range more {
		if words <= 0 {
			return first, more[:i]
		}
		words -= len(strings.Fields(line))
	}
	return first, more
}

// blockHeader matches how much deeper than its key a block is indented, if its header says it.
var blockHeader = regexp.MustCompile(`^[|>][-+]?([1-9])`)

// blockLength returns how many of the lines belong to a block.
func (d *decoder) blockLength(header string, lines []string) int {
	indent := 0
	if said := blockHeader.FindStringSubmatch(header); said != nil && d.key != nil {
		deeper, _ := strconv.Atoi(said[1])
		indent = d.key.Column - 1 + deeper
	} else if i := slices.IndexFunc(lines, isWritten); i >= 0 {
		indent = indentation(lines[i])
	}
	for i, line := range lines {
		if isWritten(line) && indentation(line) < max(indent, 1) {
			return i
		}
	}
	return len(lines)
}

// quotedLength returns how many of the lines belong to a text in quotes that begins with the first line.
func quotedLength(first string, lines []string) int {
	if first == "" || closesQuote(first[1:], first[0]) {
		return 0
	}
	for i, line := range lines {
		if closesQuote(line, first[0]) {
			return i + 1
		}
	}
	return len(lines)
}

// closing matches a line in which double quotes are closed.
var closing = regexp.MustCompile(`^(?:[^"\\]|\\.)*"`)

func closesQuote(line string, quote byte) bool {
	if quote == '\'' {
		return strings.Contains(strings.ReplaceAll(line, "''", ""), "'")
	}
	return closing.MatchString(line)
}

func indentation(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func isWritten(line string) bool { return strings.TrimSpace(line) != "" }
