package lead

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Draft is a reply that a member has begun.
type Draft struct {
	MemberID int64
	Member   string
	At       time.Time
	Text     string
}

// CheckText returns what is wrong with the text of a reply or a note that was typed into the named field, or nil.
func CheckText(field, typed string) fault.Invalid {
	return checkText(field, typed, "This is empty. Type something and try again.")
}

func checkText(field, typed, empty string) fault.Invalid {
	switch n := utf8.RuneCountInString(typed); {
	case text.IsBlank(typed):
		return fault.Invalid{{Name: field, Message: empty}}
	case n > MaxProject:
		return fault.Invalid{{Name: field, Message: fmt.Sprintf("This is %d characters long. Shorten it to %d, or send it "+
			"in two parts.", n, MaxProject)}}
	}
	return nil
}

// ReplyTemplate is words that staff begin replies with.
type ReplyTemplate struct {
	ID   int64
	Name string
	Text string
}

// TemplateFields are the names that a template may hold in braces, with what they stand for.
var TemplateFields = []struct{ Name, Means string }{
	{"name", "the prospect’s name"},
	{"reference", "the lead’s reference"},
	{"company", "their company"},
	{"guide", "the guide that they read"},
	{"option", "the option that they prefer"},
	{"me", "your own name"},
}

// templateField matches a name in braces, whatever its case and the spaces around it.
var templateField = regexp.MustCompile(`\{[\s\p{Z}]*(\p{L}[\p{L}\p{M}\p{N}_\p{Z}-]*?)[\s\p{Z}]*\}`)

// fieldName returns the name of a field as TemplateFields has it.
func fieldName(found string) string {
	return strings.ToLower(templateField.FindStringSubmatch(found)[1])
}

// Check returns what has to be corrected, in the order of the form, or nil.
func (t ReplyTemplate) Check() fault.Invalid {
	var wrong fault.Invalid
	if text.IsBlank(t.Name) || utf8.RuneCountInString(t.Name) > MaxLine {
		wrong.Add("name", "Give the template a name of up to 300 characters.")
	}
	wrong = append(wrong, CheckText("text", t.Text)...)
	fields := fieldsOf(Lead{}, "")
	for _, found := range templateField.FindAllString(t.Text, -1) {
		if _, known := fields[fieldName(found)]; !known {
			wrong.Add("text", found+" is not a known field. Use "+listOfFields()+".")
			return wrong
		}
	}
	return wrong
}

// listOfFields returns all fields: "{name}, {reference} or {me}".
func listOfFields() string {
	var names []string
	for _, f := range TemplateFields {
		names = append(names, "{"+f.Name+"}")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// Fill returns the template's text for the lead, written by the member of that name. A field that the lead leaves empty stays as
// it is, for the member to replace: see Unfilled. Escape keeps the signs in a value from being read as markup.
func (t ReplyTemplate) Fill(l Lead, member string, escape func(string) string) string {
	values := fieldsOf(l, member)
	return templateField.ReplaceAllStringFunc(t.Text, func(found string) string {
		if value := values[fieldName(found)]; value != "" {
			return escape(value)
		}
		return found
	})
}

// Unfilled returns what is wrong with a reply to the lead that still holds fields of a template, or nil.
func Unfilled(l Lead, text string) fault.Invalid {
	values := fieldsOf(l, "")
	var fields []string
	for _, found := range templateField.FindAllString(text, -1) {
		name := fieldName(found)
		if value, known := values[name]; known && value == "" && name != "me" && !slices.Contains(fields, found) {
			fields = append(fields, found)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return fault.Invalid{{Name: "reply", Message: fmt.Sprintf(
		"This lead has no value for %s. Replace it with your own words before you send the reply.", strings.Join(fields, ", "))}}
}

func fieldsOf(l Lead, member string) map[string]string {
	return map[string]string{
		"name": l.Name, "reference": l.Reference, "company": l.Company, "guide": l.GuideTitle, "option": l.OptionName,
		"me": member,
	}
}
