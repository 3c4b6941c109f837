package edit

import (
	"slices"
	"strings"

	"tiebreak/internal/guide"
)

// FactForm is what stands in the fields of a fact's form.
type FactForm struct {
	Seen            int // the version that it was drawn with; 0 for none
	Value, Detail   string
	Confidence      guide.Confidence
	Checked, Review string
	Sources         []SourceForm
	Back            string // which page the form came from, if not the fact's own
}

// SourceForm is what stands in the fields of a source.
type SourceForm struct {
	Title, URL, Copy, Find string
	Remove                 bool // the box to remove it is ticked
}

// SourceParts are the fields of a source that hold what it says.
var SourceParts = []string{"title", "url", "copy", "find"}

// FormOf returns the fields that show the fact.
func FormOf(f guide.Fact) FactForm {
	form := FactForm{
		Seen: f.Version, Value: f.Value, Detail: f.Detail, Confidence: f.Confidence, Checked: f.Checked.String(),
		Review: f.Review.String(),
	}
	for _, s := range f.Sources {
		form.Sources = append(form.Sources, FormOfSource(s))
	}
	return form
}

// FormOfSource returns the fields that show the source.
func FormOfSource(s guide.Source) SourceForm {
	return SourceForm{Title: s.Title, URL: s.URL, Copy: s.Copy.String(), Find: strings.Join(s.Find, "\n")}
}

// Onto returns what was typed over another version of the fact than the form was drawn with: a field that was left as it was
// drawn takes what the other version says, so that nobody puts back by accident what someone else changed.
func (f FactForm) Onto(drawn, theirs FactForm) FactForm {
	f.Seen = theirs.Seen
	for _, field := range []struct {
		mine          *string
		drawn, theirs string
	}{
		{&f.Value, drawn.Value, theirs.Value},
		{&f.Detail, drawn.Detail, theirs.Detail},
		{&f.Checked, drawn.Checked, theirs.Checked},
		{&f.Review, drawn.Review, theirs.Review},
	} {
		if *field.mine == field.drawn {
			*field.mine = field.theirs
		}
	}
	if f.Confidence == drawn.Confidence {
		f.Confidence = theirs.Confidence
	}
	if slices.Equal(f.Sources, drawn.Sources) {
		f.Sources = theirs.Sources
	}
	return f
}

// Fields returns what stands in the fields of the source, by SourceParts.
func (s SourceForm) Fields() map[string]string {
	return map[string]string{"title": s.Title, "url": s.URL, "copy": s.Copy, "find": s.Find}
}
