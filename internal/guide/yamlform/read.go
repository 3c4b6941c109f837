package yamlform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tiebreak/internal/guide"
)

// Read reads the files and reports every place where one does not have the form; what could be read is returned all the same.
func Read(texts []Text) ([]File, []Finding) {
	var files []File
	var findings []Finding
	for _, t := range texts {
		found := nameFindings(t)
		if !t.Skipped && t.Failed == nil {
			var file File
			file, found = readFile(t, found)
			files = append(files, file)
		}
		findings = append(findings, found...)
	}
	return files, findings
}

// nameFindings reports files that could not be read, and warns of files that are not read, or that an export would not replace,
// because of how their names end.
func nameFindings(t Text) []Finding {
	warning := Finding{File: t.Name, Line: 1, Column: 1, Warning: true}
	switch name := path.Base(t.Name); {
	case t.Failed != nil:
		cause := t.Failed
		if at := (*fs.PathError)(nil); errors.As(cause, &at) {
			cause = at.Err
		}
		warning.Warning, warning.Text = false, fmt.Sprintf("this file cannot be read: %v", cause)
	case t.Skipped:
		warning.Text = "skipped: only files that end in .yaml or .yml are read"
	case t.Listed && path.Ext(name) != ".yaml":
		warning.Text = "rename it so that it ends in .yaml: an export would write a second file"
	default:
		return nil
	}
	return []Finding{warning}
}

func readFile(t Text, findings []Finding) (File, []Finding) {
	file := File{Name: t.Name}
	if bad := unreadable(t); len(bad) > 0 {
		return file, append(findings, bad...)
	}
	root, err := onlyDocument(t)
	if err != nil {
		if invisible := invisibleIn(t); len(invisible) > 0 {
			return file, append(findings, invisible...)
		}
		return file, append(findings, syntaxFinding(t, err))
	}
	d := decoder{file: t.Name, lines: sourceLines(t), places: map[string]place{}, broken: map[string]bool{}, findings: findings}
	switch {
	case root == nil:
		d.report(&yaml.Node{Line: 1, Column: 1}, "the file is empty")
	case has(root, "option"):
		file.Option = &guide.Option{}
		d.fill(root, file.Option)
	case has(root, "guide"):
		file.Guide = &guide.Guide{}
		d.fill(root, file.Guide)
	case strings.TrimSuffix(path.Base(t.Name), path.Ext(t.Name)) == "site":
		file.Site = &guide.SiteChange{}
		d.fill(root, file.Site)
	default:
		d.report(root, "expected an option (option: SLUG), a guide (guide: SLUG) or a site.yaml")
	}
	file.places, file.broken = d.places, d.broken
	return file, inOrder(becauseInvisible(d.findings, invisibleIn(t)))
}

func has(n *yaml.Node, key string) bool {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// secondDocument says where a file goes on after its first document: the rest would never be read.
type secondDocument struct{ line, column int }

func (secondDocument) Error() string {
	return "a second document begins here, and only the first would be read: put each document into its own file"
}

// onlyDocument returns the root of the file's document; nil if there is none.
func onlyDocument(t Text) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(t.Content))
	var root *yaml.Node
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return root, nil
		case err != nil:
			return nil, err
		}
		content := document.Content[0]
		switch {
		case content.Tag == "!!null" && content.Value == "":
		case root != nil:
			return nil, secondDocument{content.Line, content.Column}
		default:
			root = content
		}
	}
}

// unreadable reports each line whose bytes are no text: nothing of such a file can be trusted.
func unreadable(t Text) []Finding {
	var findings []Finding
	if bytes.HasPrefix(t.Content, []byte("\xff\xfe")) || bytes.HasPrefix(t.Content, []byte("\xfe\xff")) {
		return nil // UTF-16, which the YAML reader knows
	}
	if bytes.HasPrefix(t.Content, []byte("\ufeff\ufeff")) {
		return []Finding{{File: t.Name, Line: 1, Column: 2, Text: "the byte order mark U+FEFF is here twice: delete one"}}
	}
	for i, line := range bytes.Split(t.Content, []byte("\n")) {
		for at := 0; at < len(line); {
			r, size := utf8.DecodeRune(line[at:])
			what := ""
			switch {
			case r == utf8.RuneError && size == 1:
				what = "this is not UTF-8: save the file as UTF-8"
			case unshown(r):
				what = fmt.Sprintf("the control character %U cannot be shown: delete it", r)
			}
			if what != "" {
				findings = append(findings, Finding{File: t.Name, Line: i + 1, Column: utf8.RuneCount(line[:at]) + 1, Text: what})
				break
			}
			at += size
		}
	}
	return findings
}

// unshown reports control characters, which neither HTML nor XML can show. PostgreSQL cannot even store NUL.
func unshown(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || 0x7f <= r && r <= 0x9f && r != 0x85 || r == 0xfffe || r == 0xffff
}

// syntaxFinding keeps the line that the YAML parser names; it knows no columns.
func syntaxFinding(t Text, err error) Finding {
	f := Finding{File: t.Name, Line: 1, Column: 1, Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	var second secondDocument
	if errors.As(err, &second) {
		f.Line, f.Column = second.line, second.column
		return f
	}
	if _, scanErr := fmt.Sscanf(f.Text, "line %d:", &f.Line); scanErr == nil {
		_, f.Text, _ = strings.Cut(f.Text, ": ")
	}
	if strings.Contains(f.Text, "unknown escape character") || strings.Contains(f.Text, "hexdecimal") {
		f.Text = `In double quotes a backslash changes the letter behind it: write \\ for each, or put the text in single quotes. (` + f.Text + ")"
		return f
	}
	for i, line := range strings.Split(string(t.Content), "\n") {
		if openQuote.MatchString(line) {
			f.Line, f.Text = i+1, "Cannot read this line: its quote is not closed. Close it, or write the text as a block "+
				"after |-. ("+f.Text+")"
			return f
		}
	}
	f.Text = "Cannot read this line. If its text contains a colon or begins with a special character, put it in quotes. (" +
		f.Text + ")"
	return f
}

// openQuote matches a line whose value begins with a quote that the line does not close.
var openQuote = regexp.MustCompile(`^\s*(?:- )*(?:[\w-]+:\s+)(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$`)
