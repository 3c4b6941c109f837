package edit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/text"
	"tiebreak/templates/form"
	"tiebreak/templates/ui"
)

// SitePage is where an admin changes what the site says of the studio and on its form. Others read it there.
type SitePage struct {
	ui.Page
	Now       guide.Site // in force; the form is drawn with it
	Typed     guide.Site
	Wrong     fault.Invalid
	Stale     bool       // someone else changed the site meanwhile
	Before    guide.Site // what it was before they did
	MayChange bool
}

// siteField is a field of the form for a part of the site.
type siteField struct {
	name, label, hint string
	long              bool // it shows several lines
}

var (
	studioFields = []siteField{
		{"name", "Name", "Your studio’s name. It is at the top of every page and in emails.", false},
		{"run_by", "Run by", "The person or company that is responsible for this site.", false},
		{
			"contact", "Contact", "An email address or a web address. It is on the about page, the privacy page and in emails.",
			false,
		},
		{"sells", "What you sell", "It completes the sentence “We sell …”, for example: web applications in Python.", false},
		{"address", "Legal address", "It is on the about page and in emails to visitors.", true},
		{"imprint", "Imprint", "The web address of your imprint. Every public page links to it at the bottom.", false},
	}
	formFields = []siteField{
		{
			"consent_sentence", "Consent sentence", "Visitors tick a box next to it. A link to the privacy notice follows. " +
				"Each lead keeps the sentence that its form showed.", true,
		},
		{"project_hint", "Hint for “What are you building?”", "", false},
		{"name_hint", "Hint for “Your name”", "", false},
		{"email_hint", "Hint for “Email”", "", false},
		{"timeline_hint", "Hint for “When would you like to start?”", "", false},
		{"budget_hint", "Hint for “Budget”", "", false},
		{
			"budgets", "Suggested budgets", fmt.Sprintf("One a line, with the currency. You can add up to %d. "+
				"Visitors can also type something else.", guide.MaxBudgets), true,
		},
	}
	receiptFields = []siteField{{"thanks", "Thanks", "", true}}

	siteFields = slices.Concat(studioFields, formFields, receiptFields)
)

// siteLabel returns the label of a field.
func siteLabel(name string) string {
	for _, f := range siteFields {
		if f.name == name {
			return f.label
		}
	}
	return text.Capitalise(name)
}

// siteText returns what a part of the site says.
func siteText(s guide.Site, name string) string {
	for _, part := range s.Parts() {
		if part.Name == name {
			return *part.Text
		}
	}
	return ""
}

// ours returns what visitors read where the part is blank, "" for nothing.
func (p SitePage) ours(f siteField) string {
	return siteText(guide.Site{Words: p.Typed.DefaultWords()}, f.name)
}

// field returns the field with what was typed.
func (p SitePage) field(f siteField) ui.Field {
	hint := f.hint
	if ours := p.ours(f); ours != "" {
		hint = strings.TrimSpace(hint + " If empty: “" + strings.ReplaceAll(ours, "\n", "”, “") + "”")
	}
	return ui.Field{
		Name: f.name, Label: f.label, Hint: hint, Value: siteText(p.Typed, f.name), Wrong: p.Wrong, Optional: true,
	}
}

// seen returns the site that the form is drawn with, as the form sends it back.
func (p SitePage) seen() string {
	seen, _ := json.Marshal(p.Now) // texts alone, which cannot fail
	return string(seen)
}

// changedParts returns the labels of the parts that someone else changed.
func (p SitePage) changedParts() string {
	var labels []string
	for _, f := range siteFields {
		if siteText(p.Before, f.name) != siteText(p.Now, f.name) {
			labels = append(labels, f.label)
		}
	}
	return strings.Join(labels, ", ")
}

// differences returns what the site in force and the form say differently.
func (p SitePage) differences() []form.Difference {
	var all []form.Difference
	for _, f := range siteFields {
		if mine, theirs := siteText(p.Typed, f.name), siteText(p.Now, f.name); mine != theirs {
			all = append(all, form.Difference{
				Label: f.label, Mine: cmp.Or(mine, "(empty)"), Theirs: cmp.Or(theirs, "(empty)"),
			})
		}
	}
	return all
}
