package edit

import (
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
type SourceForm struct{ Title, URL, Copy, Find string }

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
