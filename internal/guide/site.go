package guide

import (
	"maps"
	"reflect"
	"strings"
)

// Site is what the studio says of itself on every page, and the words of its intake form.
type Site struct {
	// The studio's identity. A blank part is left out for visitors; nothing is invented in its place.
	Name    string // of the studio
	RunBy   string // who answers for it
	Contact string // an email or web address
	Sells   string // what it sells, for the disclosure
	Address string // legal address
	Imprint string // web address of its imprint

	Words
}

// Words are those of the intake form and the receipt. A blank one of a Site is ours: see FormWords.
type Words struct {
	ConsentSentence string // what a prospect agrees to

	// Hints of the form's fields.
	ProjectHint, NameHint, EmailHint, TimelineHint, BudgetHint string

	Budgets string // suggestions for the field budget, one a line
	Thanks  string // on the receipt
}

// ourWords are what visitors read where the studio gave no words of its own.
var ourWords = Words{
	ConsentSentence: "I agree that you store these details to answer me.",
	ProjectHint:     "Two or three sentences are enough.",
	NameHint:        "How should we address you?",
	EmailHint:       "We use it only for this request. We send no newsletter.",
	TimelineHint:    "For example: within three months.",
	BudgetHint:      "A range is enough, for example: €10,000 to €25,000.",
	Budgets:         "Not decided yet\nUnder €10,000\n€10,000 to €25,000\n€25,000 to €60,000\nOver €60,000",
	Thanks:          "Thank you for asking us.",
}

// DefaultWords returns the words that visitors read in place of blank ones.
func (s Site) DefaultWords() Words {
	words := ourWords
	if s.Budgets != "" {
		words.BudgetHint = "A range is enough." // an example of ours could have another currency
	}
	return words
}

// FormWords returns the words that visitors read: the studio's own, and ours where it gave none.
func (s Site) FormWords() Words {
	filled := Site{Words: s.DefaultWords()}
	own := s.Parts()
	for i, part := range filled.Parts() {
		if *own[i].Text != "" {
			*part.Text = *own[i].Text
		}
	}
	return filled.Words
}

// SuggestedBudgets returns the suggestions for the field budget.
func (w Words) SuggestedBudgets() []string {
	var budgets []string
	for line := range strings.Lines(w.Budgets) {
		if line = strings.TrimSpace(line); line != "" {
			budgets = append(budgets, line)
		}
	}
	return budgets
}

// Bounds of the suggested budgets.
const (
	MaxBudgets = 12
	MaxBudget  = 60 // characters of one
)

// SitePart is a part of a Site.
type SitePart struct {
	Name  string // in site.yaml, in the form and in the database
	Text  *string
	Most  int  // characters that it may have in the form
	Lines bool // it may have several lines
}

// Parts returns the parts of the site, in the order of site.yaml and the form.
func (s *Site) Parts() []SitePart {
	return []SitePart{
		{Name: "name", Text: &s.Name, Most: 200},
		{Name: "run_by", Text: &s.RunBy, Most: 200},
		{Name: "contact", Text: &s.Contact, Most: 200},
		{Name: "sells", Text: &s.Sells, Most: 300},
		{Name: "address", Text: &s.Address, Most: 1000, Lines: true},
		{Name: "imprint", Text: &s.Imprint, Most: 500},
		{Name: "consent_sentence", Text: &s.ConsentSentence, Most: 500},
		{Name: "project_hint", Text: &s.ProjectHint, Most: 200},
		{Name: "name_hint", Text: &s.NameHint, Most: 200},
		{Name: "email_hint", Text: &s.EmailHint, Most: 200},
		{Name: "timeline_hint", Text: &s.TimelineHint, Most: 200},
		{Name: "budget_hint", Text: &s.BudgetHint, Most: 200},
		{Name: "budgets", Text: &s.Budgets, Most: MaxBudgets * (MaxBudget + 1), Lines: true},
		{Name: "thanks", Text: &s.Thanks, Most: 500},
	}
}

// Blank reports whether some part of the identity is not set up yet. A studio may need no imprint.
func (s Site) Blank() bool {
	return s.Name == "" || s.RunBy == "" || s.Contact == "" || s.Sells == "" || s.Address == ""
}

// Onto returns what was typed over another site than the form was drawn with: a part that was left as it was drawn takes what the
// other site says, so that nobody puts back by accident what someone else changed.
func (s Site) Onto(drawn, theirs Site) Site {
	was, now := drawn.Parts(), theirs.Parts()
	for i, part := range s.Parts() {
		if *part.Text == *was[i].Text {
			*part.Text = *now[i].Text
		}
	}
	return s
}

// SiteChange is what a site.yaml says: nil for the parts that it leaves as they are. It has a field for each part, of the same
// name.
type SiteChange struct {
	Name            *string `yaml:"name,omitempty"`
	RunBy           *string `yaml:"run_by,omitempty"`
	Contact         *string `yaml:"contact,omitempty"`
	Sells           *string `yaml:"sells,omitempty"`
	Address         *string `yaml:"address,omitempty"`
	Imprint         *string `yaml:"imprint,omitempty"`
	ConsentSentence *string `yaml:"consent_sentence,omitempty"`
	ProjectHint     *string `yaml:"project_hint,omitempty"`
	NameHint        *string `yaml:"name_hint,omitempty"`
	EmailHint       *string `yaml:"email_hint,omitempty"`
	TimelineHint    *string `yaml:"timeline_hint,omitempty"`
	BudgetHint      *string `yaml:"budget_hint,omitempty"`
	Budgets         *string `yaml:"budgets,omitempty"`
	Thanks          *string `yaml:"thanks,omitempty"`
}

// Apply returns the site with the change, and the names of the parts that differ from before.
func (c SiteChange) Apply(s Site) (after Site, changed []string) {
	to := maps.Collect(Fields(reflect.ValueOf(c)))
	for _, part := range s.Parts() {
		if text := to[part.Name].Interface().(*string); text != nil && *text != *part.Text {
			*part.Text = *text
			changed = append(changed, part.Name)
		}
	}
	return s, changed
}

// All returns the change that sets every part to the site's.
func (s Site) All() *SiteChange {
	var c SiteChange
	to := maps.Collect(Fields(reflect.ValueOf(&c).Elem()))
	for _, part := range s.Parts() {
		to[part.Name].Set(reflect.ValueOf(part.Text))
	}
	return &c
}
