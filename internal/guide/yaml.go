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

// Mistake is one thing wrong in a file, at its place.
type Mistake struct {
	File         string
	Line, Column int // from 1
	Text         string
}

func (m Mistake) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Text)
}

// Mistakes are all that is wrong with what was read, file by file from top to bottom.
type Mistakes []Mistake

func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, mistake := range m {
		lines[i] = mistake.String()
	}
	return strings.Join(lines, "\n")
}

// Folder is what a folder of YAML files holds.
type Folder struct {
	Site    Site
	Options []Option
	Guides  []Guide
}

// ReadFolder reads options/*.yaml, guides/*.yaml and site.yaml, as an export lays them out. The error is of type Mistakes.
func ReadFolder(files fs.FS) (Folder, error) {
	var folder Folder
	var mistakes Mistakes
	read := func(name string, into any) {
		mistakes = append(mistakes, readFile(files, name, into)...)
	}
	for _, name := range yamlFiles(files, "options") {
		var o Option
		read(name, &o)
		folder.Options = append(folder.Options, o)
	}
	for _, name := range yamlFiles(files, "guides") {
		var g Guide
		read(name, &g)
		folder.Guides = append(folder.Guides, g)
	}
	if _, err := fs.Stat(files, "site.yaml"); err == nil {
		read("site.yaml", &folder.Site)
	}
	if len(mistakes) > 0 {
		return Folder{}, mistakes
	}
	return folder, nil
}

func yamlFiles(files fs.FS, dir string) []string {
	names, err := fs.Glob(files, path.Join(dir, "*.yaml"))
	if err != nil {
		panic(err) // only a malformed pattern, and ours is a constant
	}
	return names
}

func readFile(files fs.FS, name string, into any) Mistakes {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return Mistakes{{File: name, Line: 1, Column: 1, Text: err.Error()}}
	}
	mistakes := decode(text, into)
	for i := range mistakes {
		mistakes[i].File = name
	}
	return mistakes
}

// decode fills into from the YAML text and names every place where the two do not fit.
func decode(text []byte, into any) Mistakes {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return Mistakes{syntaxMistake(err)}
	}
	if len(document.Content) == 0 {
		return Mistakes{{Line: 1, Column: 1, Text: "the file is empty"}}
	}
	var d decoder
	d.fill(document.Content[0], into)
	slices.SortStableFunc(d.mistakes, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.mistakes
}

// syntaxMistake keeps the line that the YAML parser names; it knows no columns.
func syntaxMistake(err error) Mistake {
	m := Mistake{Line: 1, Column: 1, Text: strings.TrimPrefix(err.Error(), "yaml: ")}
	if _, scanErr := fmt.Sscanf(m.Text, "line %d:", &m.Line); scanErr == nil {
		_, m.Text, _ = strings.Cut(m.Text, ": ")
	}
	m.Text = "not YAML: " + m.Text
	return m
}
