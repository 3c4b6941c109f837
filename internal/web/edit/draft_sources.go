package edit

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/templates/edit"
	"tiebreak/templates/form"
)

// settled is a form without the sources that were emptied or removed.
type settled struct {
	form  url.Values  // with the footnotes of its texts under their new numbers
	moved map[int]int // the new number of each source that stays, by the one in the form that was sent
}

// settle leaves out the sources that were emptied or removed. It refuses that for one which a text of the form still cites, or
// another text that cites the same sources: the footnote would mean another source.
func settle(typed url.Values, fields []edit.Field, other string) (settled, fault.Invalid) {
	s := settled{form: maps.Clone(typed), moved: map[int]int{}}
	var wrong fault.Invalid
	if !slices.ContainsFunc(fields, func(f edit.Field) bool { return f.Kind == edit.Sources }) {
		return s, nil
	}
	cited := notesIn(other)
	for _, f := range fields {
		if f.Kind == edit.Long {
			cited = append(cited, notesIn(typed.Get(f.Name))...)
		}
	}
	numbers := sourceNumbers(typed)
	for name := range typed {
		if strings.HasPrefix(name, "source-") {
			s.form.Del(name)
		}
	}
	for _, n := range numbers {
		if emptySource(typed, n) || typed.Get(form.SourceName(n, "remove")) != "" {
			if slices.Contains(cited, n) {
				wrong.Add(form.SourceName(n, "title"),
					fmt.Sprintf("A text still cites this source. Remove [^%d] there first.", n))
			}
			continue
		}
		s.moved[n] = len(s.moved) + 1
		for _, part := range form.SourceParts {
			s.form.Set(form.SourceName(s.moved[n], part), typed.Get(form.SourceName(n, part)))
		}
	}
	if len(s.moved) > section.MaxSources {
		wrong.Add(form.SourceName(numbers[0], "title"), fmt.Sprintf("%d sources: a text has at most %d.", len(s.moved),
			section.MaxSources))
	}
	for _, f := range fields {
		if f.Kind == edit.Long {
			s.form.Set(f.Name, guide.RenumberNotes(typed.Get(f.Name), s.moved))
		}
	}
	return s, wrong
}

// asTyped returns mistakes by the names that their fields had in the form that was sent.
func (s settled) asTyped(wrong fault.Invalid) fault.Invalid {
	for i, w := range wrong {
		for was, now := range s.moved {
			if part, here := strings.CutPrefix(w.Name, form.SourceName(now, "")); here {
				wrong[i].Name = form.SourceName(was, part)
				break
			}
		}
	}
	return wrong
}

// notesIn returns the numbers of the sources that the text cites.
func notesIn(text string) []int {
	var numbers []int
	for _, note := range guide.NotesIn(text) {
		if n, err := strconv.Atoi(note.Note); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func emptySource(values url.Values, n int) bool {
	for _, part := range form.SourceParts {
		if strings.TrimSpace(values.Get(form.SourceName(n, part))) != "" {
			return false
		}
	}
	return true
}

// citable returns the sources that the guide's texts and its options' facts cite, each once, by their titles. None if the
// section has no sources.
func citable(d postgres.Draft, s section.Section) []guide.Source {
	if !slices.Contains([]string{"intro", "dimensions", "questions"}, s.Name) {
		return nil
	}
	all := slices.Clone(d.Guide.Sources)
	for _, dimension := range d.Guide.Dimensions {
		all = append(all, dimension.Sources...)
	}
	for _, q := range d.Guide.Questions {
		all = append(all, q.Sources...)
	}
	for _, o := range d.Options {
		all = append(all, o.Cited()...)
	}
	slices.SortStableFunc(all, func(a, b guide.Source) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)), cmp.Compare(a.URL, b.URL))
	})
	var known []string
	return slices.DeleteFunc(all, func(s guide.Source) bool {
		twice := s.URL == "" || slices.Contains(known, s.URL)
		known = append(known, s.URL)
		return twice
	})
}

// picked returns the sources whose boxes are ticked. It leaves out the words to find on the page, which differ from text to text.
func picked(values url.Values, cited []guide.Source) []guide.Source {
	var list []guide.Source
	for _, s := range cited {
		if slices.Contains(values["pick"], s.URL) {
			s.Find = nil
			list = append(list, s)
		}
	}
	return list
}

// unpicked returns the sources that the form does not hold yet.
func unpicked(cited []guide.Source, values url.Values) []guide.Source {
	var held []string
	for _, n := range sourceNumbers(values) {
		held = append(held, values.Get(form.SourceName(n, "url")))
	}
	return slices.DeleteFunc(cited, func(s guide.Source) bool { return slices.Contains(held, s.URL) })
}
