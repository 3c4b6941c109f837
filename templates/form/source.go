// Package form holds the parts of forms that the pages for editing share: sources, what is wrong, and conflicts.
package form

import (
	"fmt"
	"strings"

	"tiebreak/internal/guide"
)

// Source is what stands in the fields of a source.
type Source struct {
	Title, URL, Copy, Find string
	Remove                 bool // the box to remove it is ticked
}

// SourceParts are the fields of a source that hold what it says.
var SourceParts = []string{"title", "url", "copy", "find"}

// SourceOf returns the fields that show the source.
func SourceOf(s guide.Source) Source {
	return Source{Title: s.Title, URL: s.URL, Copy: s.Copy.String(), Find: strings.Join(s.Find, "\n")}
}

// Fields returns what stands in the fields of the source, by SourceParts.
func (s Source) Fields() map[string]string {
	return map[string]string{"title": s.Title, "url": s.URL, "copy": s.Copy, "find": s.Find}
}

// SourceName returns the name of a field of the source with the number, which counts from 1.
func SourceName(n int, field string) string { return fmt.Sprintf("source-%d-%s", n, field) }
