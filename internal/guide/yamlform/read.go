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
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding"

	"tiebreak/internal/guide"
)

// Read reads the files and reports every place where one does not have the form; what could be read is returned all the same.
func Read(texts []Text) ([]File, []Finding) {
	var files []File
	var findings []Finding
	for _, t := range texts {
		findings = append(findings, nameFindings(t)...)
		if !t.Skipped && t.Failed == nil {
			file, found := readFile(t)
			files, findings = append(files, file), append(findings, found...)
		}
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
		if at, ok := errors.AsType[*fs.PathError](cause); ok {
			cause = at.Err
		}
		warning.Warning, warning.Message = false, fmt.Sprintf("this file cannot be read: %v", cause)
	case t.Skipped:
		warning.Message = "skipped: only files that end in .yaml or .yml are read"
	case t.Listed && path.Ext(name) != ".yaml":
		warning.Message = "rename it so that it ends in .yaml: an export would write a second file"
	default:
		return nil
	}
	return []Finding{warning}
}

func readFile(t Text) (File, []Finding) {
	d := decoder{File: File{Name: t.Name, places: map[string]place{}, broken: map[string]bool{}}, lines: sourceLines(t)}
	if wrong := unreadable(t); len(wrong) > 0 {
		return d.File, wrong
	}
	invisible := invisibleIn(t)
	root, wrong := onlyDocument(t)
	switch {
	case len(wrong) > 0 && len(invisible) > 0:
		return d.File, invisible
	case len(wrong) > 0:
		return d.File, wrong
	case root == nil:
		d.report(&yaml.Node{Line: 1, Column: 1}, "", "the file is empty")
	case has(root, "option"):
		d.Option = &guide.Option{}
		d.fill(root, d.Option)
	case has(root, "guide"):
		d.Guide = &guide.Guide{}
		d.fill(root, d.Guide)
	case strings.TrimSuffix(path.Base(t.Name), path.Ext(t.Name)) == "site":
		d.Site = &guide.SiteChange{}
		d.fill(root, d.Site)
	default:
		d.report(root, "", "expected an option (option: SLUG), a guide (guide: SLUG) or a site.yaml")
	}
	if d.size > maxRead { // there is too much to check, and nobody wrote it
		d.Option, d.Guide, d.Site, d.texts = nil, nil, nil, nil
	}
	return d.File, inOrder(becauseInvisible(d.findings, invisible))
}

func has(n *yaml.Node, key string) bool {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// onlyDocument returns the root of the file's document, or nil if the file is empty. A second document is a mistake, because
// nothing would be read of it.
func onlyDocument(t Text) (root *yaml.Node, wrong []Finding) {
	decoder := yaml.NewDecoder(bytes.NewReader(t.Content))
	for {
		var document yaml.Node
		switch err := decoder.Decode(&document); {
		case errors.Is(err, io.EOF):
			return root, nil
		case err != nil:
			return nil, []Finding{syntaxFinding(t, err)}
		}
		content := document.Content[0]
		switch {
		case content.Tag == "!!null" && content.Value == "":
		case root != nil:
			return nil, []Finding{{
				File: t.Name, Line: content.Line, Column: content.Column,
				Message: "a second document begins here, and only the first would be read: put each document into its own file",
			}}
		default:
			root = content
		}
	}
}

// unreadable reports each line whose bytes are not text: nothing in such a file can be trusted.
func unreadable(t Text) []Finding {
	var findings []Finding
	if encodingOf(t.Content) != encoding.Nop {
		return nil // UTF-16, which the YAML reader knows
	}
	if bytes.HasPrefix(t.Content, []byte("\ufeff\ufeff")) {
		return []Finding{{File: t.Name, Line: 1, Column: 2, Message: "the byte order mark U+FEFF is here twice: delete one"}}
	}
	for i, line := range strings.Split(string(t.Content), "\n") {
		for at, r := range line {
			what := ""
			switch {
			case r == utf8.RuneError && !strings.HasPrefix(line[at:], string(r)):
				what = "this is not UTF-8: save the file as UTF-8"
			case unshown(r):
				what = fmt.Sprintf(controlCharacter, r)
			}
			if what != "" {
				column := utf8.RuneCountInString(line[:at]) + 1
				findings = append(findings, Finding{File: t.Name, Line: i + 1, Column: column, Message: what})
				break
			}
		}
	}
	return findings
}

const controlCharacter = "the control character %U cannot be shown: delete it"

// unshown reports control characters, which neither HTML nor XML can show. PostgreSQL cannot even store NUL.
func unshown(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) || r == 0xfffe || r == 0xffff
}

// syntaxFinding keeps the line that the YAML parser names; it knows no columns.
func syntaxFinding(t Text, err error) Finding {
	f := Finding{File: t.Name, Line: 1, Column: 1, Message: strings.TrimPrefix(err.Error(), "yaml: ")}
	if _, scanErr := fmt.Sscanf(f.Message, "line %d:", &f.Line); scanErr == nil {
		_, f.Message, _ = strings.Cut(f.Message, ": ")
	}
	if strings.Contains(f.Message, "unknown escape character") || strings.Contains(f.Message, "hexdecimal") {
		f.Message = `In double quotes a backslash changes the letter behind it: write \\ for each, or put the text in single quotes. (` + f.Message + ")"
		return f
	}
	for i, line := range strings.Split(string(t.Content), "\n") {
		if openQuote.MatchString(line) {
			f.Line, f.Message = i+1, "Cannot read this line: its quote is not closed. Close it, or write the text as a block "+
				"after |-. ("+f.Message+")"
			return f
		}
	}
	f.Message = "Cannot read this line. If its text contains a colon or begins with a special character, put it in quotes. (" +
		f.Message + ")"
	return f
}

// openQuote matches a line whose value begins with a quote that the line does not close.
var openQuote = regexp.MustCompile(`^\s*(?:- )*(?:[\w-]+:\s+)(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$`)
