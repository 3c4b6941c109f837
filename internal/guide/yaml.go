package guide

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Text is a YAML file that is not read yet.
type Text struct {
	Name    string // as the author calls it; findings name it so
	Content []byte
}

// File is a YAML file as read: one of the three kinds, and where each of its values stands.
type File struct {
	Name   string
	Option *Option
	Guide  *Guide
	Site   *Site

	places map[string]place // by path, such as "conditions.django[0].weight"
}

type place struct{ line, column int }

// Finding is something wrong in a file, at its place; a warning does not keep it from being used.
type Finding struct {
	File         string
	Line, Column int // from 1
	Text         string
	Warning      bool
}

func (f Finding) String() string {
	if f.Warning {
		return fmt.Sprintf("%s:%d:%d: warning: %s", f.File, f.Line, f.Column, f.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

// Mistakes counts the findings that are no warnings.
func Mistakes(findings []Finding) int {
	n := 0
	for _, f := range findings {
		if !f.Warning {
			n++
		}
	}
	return n
}

// Folder is what a set of files holds.
type Folder struct {
	Site    *Site // nil without a site.yaml
	Options []Option
	Guides  []Guide
}

// Collect is what the files hold.
func Collect(files []File) Folder {
	var folder Folder
	for _, f := range files {
		switch {
		case f.Option != nil:
			folder.Options = append(folder.Options, *f.Option)
		case f.Guide != nil:
			folder.Guides = append(folder.Guides, *f.Guide)
		case f.Site != nil:
			folder.Site = f.Site
		}
	}
	return folder
}

// Texts are all YAML files below a folder.
func Texts(folder fs.FS) ([]Text, error) {
	var texts []Text
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		content, err := fs.ReadFile(folder, name)
		texts = append(texts, Text{Name: name, Content: content})
		return err
	})
	return texts, err
}

// Read reads the files and names every place where one does not have the form; what could be read is returned all the same.
func Read(texts []Text) ([]File, []Finding) {
	var files []File
	var findings []Finding
	for _, t := range texts {
		file, found := readFile(t)
		files, findings = append(files, file), append(findings, found...)
	}
	return files, findings
}

func readFile(t Text) (File, []Finding) {
	file := File{Name: t.Name}
	var document yaml.Node
	if err := yaml.Unmarshal(t.Content, &document); err != nil {
		return file, []Finding{syntaxFinding(t.Name, err)}
	}
	if len(document.Content) == 0 {
		return file, []Finding{{File: t.Name, Line: 1, Column: 1, Text: "the file is empty"}}
	}
	root := document.Content[0]
	d := decoder{file: t.Name, places: map[string]place{}}
	switch {
	case has(root, "option"):
		file.Option = &Option{}
		d.fill(root, file.Option)
	case has(root, "guide"):
		file.Guide = &Guide{}
		d.fill(root, file.Guide)
	case path.Base(t.Name) == "site.yaml":
		file.Site = &Site{}
		d.fill(root, file.Site)
	default:
		d.report(root, "expected an option (option: SLUG), a guide (guide: SLUG) or a site.yaml")
	}
	file.places = d.places
	return file, inOrder(d.findings)
}

func has(n *yaml.Node, key string) bool {
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// inOrder sorts findings as a reader meets them, and keeps the first of those at one place: the others follow from it.
func inOrder(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), mistakesFirst(a, b))
	})
	return slices.CompactFunc(findings, func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column
	})
}

func mistakesFirst(a, b Finding) int {
	switch {
	case a.Warning == b.Warning:
		return 0
	case b.Warning:
		return -1
	}
	return 1
}

// syntaxFinding keeps the line that the YAML parser names; it knows no columns.
func syntaxFinding(file string, err error) Finding {
	f := Finding{File: file, Line: 1, Column: 1, Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	if _, scanErr := fmt.Sscanf(f.Text, "line %d:", &f.Line); scanErr == nil {
		_, f.Text, _ = strings.Cut(f.Text, ": ")
	}
	f.Text = "not YAML: " + f.Text
	return f
}
