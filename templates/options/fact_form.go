package options

import (
	"slices"

	"tiebreak/internal/guide"
	"tiebreak/templates/form"
)

// FactForm is what stands in the fields of a fact's form.
type FactForm struct {
	Seen            int // the version that it was drawn with; 0 for none
	Value, Detail   string
	Confidence      guide.Confidence
	Checked, Review string
	Sources         []form.Source
	Back            string // which page the form came from, if not the fact's own
}

// FormOf returns the fields that show the fact.
func FormOf(f guide.Fact) FactForm {
	fields := FactForm{
		Seen: f.Version, Value: f.Value, Detail: f.Detail, Confidence: f.Confidence, Checked: f.Checked.String(),
		Review: f.Review.String(),
	}
	for _, s := range f.Sources {
		fields.Sources = append(fields.Sources, form.SourceOf(s))
	}
	return fields
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
