package yamlform

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tiebreak/internal/text"
)

// warnOfLosses warns of what stands in the file at the text and would not be shown as the author sees it there.
func (d *decoder) warnOfLosses(n *yaml.Node, path string) {
	if IsSlug(n.Value) && n.Style&severalLines == 0 {
		return
	}
	first, more := d.written(n)
	d.warnOfHeadings(n, path, n.Line+len(more))
	d.warnOfJoining(n, path, first, more)
	if found, at := lostPath(n, first, more); found != "" {
		d.warn(at, path, lostBackslash, found)
	}
}

// heading matches a comment that looks like a Markdown heading.
var heading = regexp.MustCompile(`^#{1,6} +\S`)

// warnOfHeadings warns of headings that YAML takes for comments, because they follow a text or are
// indented less than it. It takes a comment that is indented as keys are for the author's.
func (d *decoder) warnOfHeadings(n *yaml.Node, path string, last int) {
	if d.key == nil {
		return
	}
	for line := d.key.Line + 1; line <= len(d.lines); line++ {
		written := strings.TrimSpace(d.lines[line-1])
		indent := indentation(d.lines[line-1])
		if written != "" && indent < d.key.Column {
			return
		}
		inside := n.Style&severalLines != 0 && n.Line < line && line <= last
		if !inside && heading.MatchString(written) {
			d.warn(place{line, indent + 1}, path,
				"%s is taken for a comment and not shown: begin the text with |- and indent all its lines alike if this is one",
				written)
		}
	}
}

// structure matches the beginning of a line that Markdown does not take for the rest of a sentence.
var structure = regexp.MustCompile(`^(?:[-*+] +\S|\d{1,3}[.)] +\S|#{1,6} +\S|\||>|` + "```|~~~)")

// warnOfJoining warns of a list, a heading and their like whose line YAML joins to the line before.
func (d *decoder) warnOfJoining(n *yaml.Node, path, first string, more []string) {
	if n.Style&yaml.LiteralStyle != 0 {
		return
	}
	folded, base := n.Style&yaml.FoldedStyle != 0, 0
	if folded {
		first = "" // the header
		base = indentation(strings.TrimLeft(strings.Join(more, "\n"), "\n"))
	}
	before := first
	for i, line := range more {
		indented := folded && max(indentation(before), indentation(line)) > base
		escaped := n.Style&yaml.DoubleQuotedStyle != 0 && strings.HasSuffix(before, `\`)
		written := strings.TrimSpace(line)
		if isWritten(before) && !indented && !escaped && structure.MatchString(written) {
			d.warn(place{n.Line + 1 + i, indentation(line) + 1}, path,
				"%q is joined to the line before: begin the text with |- to keep its lines", text.Shorten(written, 30))
			return
		}
		before = line
	}
}

// pathInQuotes matches a Windows path in double quotes with a single backslash before a letter. YAML takes the two for a line
// break, a tab and the like.
var pathInQuotes = regexp.MustCompile(
	`(?:\b[A-Za-z]:|(?:^|[\s"'(])\\\\(?:\\\\)?[\w.$-]+)(?:\\\\[\w.$-]+)*\\[abefnrtv0NLP_][a-z0-9_][^\s"]*`)

const lostBackslash = `%s loses backslashes in double quotes: write \\ for each, or put the text in single quotes`

// lostPath returns the first path that loses backslashes and the place where its line begins, or "".
func lostPath(n *yaml.Node, first string, more []string) (string, place) {
	for i, line := range slices.Concat([]string{first}, more) {
		found := strings.TrimSpace(strings.TrimRight(pathInQuotes.FindString(line), `.,;:)`))
		switch {
		case found == "" || n.Style&yaml.DoubleQuotedStyle == 0:
		case i == 0:
			return found, place{n.Line, n.Column}
		default:
			return found, place{n.Line + i, indentation(line) + 1}
		}
	}
	return "", place{}
}
