// Package section divides a guide into the parts that an editor changes one at a time, and reads and writes their forms.
package section

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"tiebreak/internal/digest"
	"tiebreak/internal/guide"
)

// MaxSources is how many sources the form of a section has room for.
const MaxSources = 200

// Section is a part of a guide that an editor changes by itself.
type Section struct {
	Name   string   // in addresses
	Title  string   // on pages
	Fields []string // of the guide, as the YAML form names them
	Item   string   // what an item of a list is called; "" for a section that is not a list
}

// All are the parts of a guide that a draft changes, in the order of the page. The address of a guide does not belong to them.
var All = []Section{
	{"head", "Title and answers", []string{"title", "subtitle", "options", "field", "answer", "short", "level", "both"}, ""},
	{"verdict", "Verdict", []string{"verdict"}, ""},
	{"conditions", "Reasons to choose each", []string{"conditions"}, "reason"},
	{"profiles", "Example projects", []string{"profiles"}, "example project"},
	{"intro", "Introduction and its sources", []string{"intro", "sources"}, ""},
	{"criteria", "Head-to-head summary", []string{"summary"}, "row"},
	{"dimensions", "Detailed comparison", []string{"dimensions"}, "part"},
	{"questions", "Questions", []string{"questions"}, "question"},
	{"call", "Call to action", []string{"call"}, ""},
}

// Named returns the section with the name, and whether there is one.
func Named(name string) (Section, bool) {
	i := slices.IndexFunc(All, func(s Section) bool { return s.Name == name })
	if i < 0 {
		return Section{}, false
	}
	return All[i], true
}

// At returns the section that holds the value at a path of the YAML form, such as "summary[2].why", and whether one does.
func At(path string) (Section, bool) {
	field := path
	if end := strings.IndexAny(path, ".["); end >= 0 {
		field = path[:end]
	}
	i := slices.IndexFunc(All, func(s Section) bool { return slices.Contains(s.Fields, field) })
	if i < 0 {
		return Section{}, false
	}
	return All[i], true
}

// Copy sets the section of one guide to that of another.
func (s Section) Copy(to *guide.Guide, from guide.Guide) {
	for _, name := range s.Fields {
		fieldOf(to, name).Set(fieldOf(&from, name))
	}
}

// Alone returns a guide that has only this section of g.
func (s Section) Alone(g guide.Guide) guide.Guide {
	var alone guide.Guide
	s.Copy(&alone, g)
	return alone
}

// Digest returns 32 hex digits that stand for what the section says.
func (s Section) Digest(g guide.Guide) string {
	document, err := json.Marshal(s.Alone(g))
	if err != nil {
		panic(err) // strings, numbers and dates always marshal
	}
	return digest.Hex(document, 16)
}

// fieldOf returns the field of the struct that a pointer leads to, by its name in the YAML form.
func fieldOf(pointer any, name string) reflect.Value {
	for known, field := range guide.Fields(reflect.ValueOf(pointer).Elem()) {
		if known == name {
			return field
		}
	}
	panic("there is no field " + name)
}

// Part returns a pointer to what the form of a section changes in a guide, and the names of its fields there, nil for all. Path
// says where that stands in the guide, "" for the guide itself. A section that is a list has no part.
func (s Section) Part(g *guide.Guide) (part any, names []string, path string) {
	if len(s.Fields) > 1 {
		editable := slices.DeleteFunc(slices.Clone(s.Fields), func(name string) bool { return name == "options" })
		return g, editable, ""
	}
	return fieldOf(g, s.Fields[0]).Addr().Interface(), nil, s.Fields[0]
}
