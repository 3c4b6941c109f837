package section

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"

	"tiebreak/internal/guide"
)

// List is a list of items in a section of a guide. The reasons to choose each option are one list an option, also of one that the
// guide compares no longer.
type List struct {
	Option string // whose reasons they are; "" in other sections
	path   string
	items  reflect.Value
	keep   func() // writes the list back to the guide
}

// Lists returns the lists of the section, none if it is not a list.
func (s Section) Lists(g *guide.Guide) []List {
	if s.Item == "" {
		return nil
	}
	field := fieldOf(g, s.Fields[0])
	if field.Kind() != reflect.Map {
		return []List{{path: s.Fields[0], items: field, keep: func() {}}}
	}
	var lists []List
	noLonger := slices.DeleteFunc(g.NoLongerCompared(), func(slug string) bool { return len(g.Conditions[slug]) == 0 })
	for _, option := range slices.Concat(g.Options, noLonger) {
		conditions := g.Conditions[option]
		lists = append(lists, List{
			Option: option, path: s.Fields[0] + "." + option, items: reflect.ValueOf(&conditions).Elem(),
			keep: func() {
				if g.Conditions == nil {
					g.Conditions = map[string][]guide.Condition{}
				}
				if g.Conditions[option] = conditions; len(conditions) == 0 {
					delete(g.Conditions, option)
				}
			},
		})
	}
	return lists
}

// Find returns the list with the item and where it is there, or -1.
func (s Section) Find(g *guide.Guide, id string) (List, int) {
	for _, l := range s.Lists(g) {
		for i := range l.Len() {
			if l.ID(i) == id {
				return l, i
			}
		}
	}
	return List{}, -1
}

// Len returns how many items there are.
func (l List) Len() int { return l.items.Len() }

// At returns a pointer to the item at the index, which counts from 0.
func (l List) At(i int) any { return l.items.Index(i).Addr().Interface() }

// Path returns where the item stands in the YAML form, such as "conditions.django[0]".
func (l List) Path(i int) string { return l.path + "[" + strconv.Itoa(i) + "]" }

// ID returns what names the item in addresses: its id, or the number of an example project, from 1.
func (l List) ID(i int) string {
	if _, numbered := l.At(i).(*guide.Profile); numbered {
		return strconv.Itoa(i + 1)
	}
	return l.items.Index(i).Field(0).String() // each begins with its id
}

// Label returns what the item is called on pages.
func (l List) Label(i int) string {
	switch item := l.At(i).(type) {
	case *guide.Criterion:
		return cmp.Or(item.Label, item.ID)
	case *guide.Dimension:
		return cmp.Or(item.Title, item.ID)
	case *guide.Condition:
		return cmp.Or(guide.PlainText(item.Text), item.ID)
	case *guide.Question:
		return cmp.Or(item.Question, item.ID)
	case *guide.Profile:
		return item.Name
	}
	return ""
}

// Add adds an empty item at the end and returns its index.
func (l List) Add() int {
	// Items of the guide that this one was copied from may stand in the same memory.
	longer := reflect.MakeSlice(l.items.Type(), l.Len()+1, l.Len()+1)
	reflect.Copy(longer, l.items)
	l.items.Set(longer)
	l.keep()
	return l.Len() - 1
}

// Remove removes the item at the index.
func (l List) Remove(i int) {
	shorter := reflect.MakeSlice(l.items.Type(), 0, l.Len()-1)
	shorter = reflect.AppendSlice(shorter, l.items.Slice(0, i))
	l.items.Set(reflect.AppendSlice(shorter, l.items.Slice(i+1, l.Len())))
	l.keep()
}

// Move moves the item at one index to another, which may be out of range.
func (l List) Move(from, to int) {
	to = max(0, min(to, l.Len()-1))
	swap, step := reflect.Swapper(l.items.Interface()), cmp.Compare(to, from)
	for ; from != to; from += step {
		swap(from, from+step)
	}
}
