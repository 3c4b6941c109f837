// Package yamlform reads, checks and writes the YAML files of options, guides and the site. Start with Read and Check.
package yamlform

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/text"
)

// Text is a YAML file that is not read yet.
type Text struct {
	Name    string // as the author calls it; findings name it so
	Content []byte
	Listed  bool  // found in a folder; otherwise the author named the file
	Skipped bool  // not read, because its name does not end as a YAML file's does
	Failed  error // why it could not be read; nil if it could
}

// File is a YAML file as read: one of the three kinds, and where each of its values stands.
type File struct {
	Name   string
	Option *guide.Option
	Guide  *guide.Guide
	Site   *guide.SiteChange

	places map[string]place // where each value stands, by its path, such as "conditions.django[0].weight"
	broken map[string]bool  // paths whose values do not have the form: nothing more is said of them
	texts  []pathText       // in the order of the file
}

type place struct{ line, column int }

type pathText struct{ path, text string }

// Subject returns what the file holds, such as "option django", "guide rails-vs-laravel" or "site", or "" if it has no form.
func (f File) Subject() string {
	switch {
	case f.Option != nil:
		return "option " + f.Option.Slug
	case f.Guide != nil:
		return "guide " + f.Guide.Slug
	case f.Site != nil:
		return "site"
	}
	return ""
}

// Finding is something wrong in a file, at its place; a warning does not keep it from being used.
type Finding struct {
	File         string
	Line, Column int    // from 1
	Path         string // of the value that it is about, such as "summary[2].why"; "" if it is about none
	Message      string // without the name of the value
	Warning      bool
}

// missing is the message for a value that has to be there.
const missing = "this is missing"

// Text returns the message with the name of its value, such as "summary[3].why is missing".
func (f Finding) Text() string {
	switch {
	case f.Path == "":
		return f.Message
	case f.Message == missing:
		return fieldName(f.Path) + " is missing"
	}
	return fieldName(f.Path) + ": " + f.Message
}

// Sentence returns a message as a page says it.
func Sentence(message string) string {
	sentence := text.Capitalise(message)
	if strings.HasSuffix(sentence, "/") || strings.HasSuffix(sentence, ".") { // no full stop may follow an address
		return sentence
	}
	return sentence + "."
}

func (f Finding) String() string {
	if f.Warning {
		return fmt.Sprintf("%s:%d:%d: warning: %s", f.File, f.Line, f.Column, f.Text())
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text())
}

// Mistakes counts the findings that are not warnings.
func Mistakes(findings []Finding) int {
	n := 0
	for _, f := range findings {
		if !f.Warning {
			n++
		}
	}
	return n
}

// Collect returns what the files hold.
func Collect(files []File) guide.Folder {
	var folder guide.Folder
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

// Texts returns the files below a folder, those that cannot be read too: Read reports them. Names that begin with a dot are
// left out, as everywhere.
func Texts(folder fs.FS) ([]Text, error) {
	var texts []Text
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		switch hidden := strings.HasPrefix(path.Base(name), ".") && name != "."; {
		case err != nil && name == ".":
			return err
		case err != nil:
			texts = append(texts, Text{Name: name, Listed: true, Failed: err})
			return fs.SkipDir
		case hidden && entry.IsDir():
			return fs.SkipDir
		case hidden || entry.IsDir():
			return nil
		}
		t := Text{Name: name, Listed: true}
		if ending := strings.ToLower(path.Ext(name)); ending != ".yaml" && ending != ".yml" {
			t.Skipped = true
		} else {
			t.Content, t.Failed = readRegular(folder, name)
		}
		texts = append(texts, t)
		return nil
	})
	return texts, err
}

// readRegular returns what the file holds. A pipe or a device might wait for ever: it is not opened.
func readRegular(folder fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(folder, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, errors.New("it is not a regular file")
	}
	return fs.ReadFile(folder, name)
}

// inOrder sorts findings as a reader meets them and leaves out repetitions.
func inOrder(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(rank(a), rank(b)))
	})
	return slices.Compact(findings)
}

// rank puts mistakes before warnings.
func rank(f Finding) int {
	if f.Warning {
		return 1
	}
	return 0
}
