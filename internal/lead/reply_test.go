package lead_test

import (
	"strings"
	"testing"

	"tiebreak/internal/lead"
)

func TestTemplateFieldsAreKnownHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()

	words := lead.ReplyTemplate{Name: "First", Text: "Hello {Name} of {company}, { reference } {{ME}} {\u00a0Option }"}
	if wrong := words.Check(); wrong != nil {
		t.Fatal(wrong)
	}
	l := lead.Lead{Reference: "TB-0001", Contents: lead.Contents{Name: "Ann", Company: "*Stars*"}}
	escape := func(s string) string { return strings.ReplaceAll(s, "*", `\*`) }
	filled := words.Fill(l, "Sample Member", escape)
	if want := "Hello Ann of \\*Stars\\*, TB-0001 {Sample Member} {\u00a0Option }"; filled != want {
		t.Errorf("got %q", filled)
	}
	if wrong := lead.Unfilled(l, filled); !strings.Contains(wrong.For("reply"), "{\u00a0Option }") {
		t.Errorf("the empty field is not named: %v", wrong)
	}
}

func TestUnknownTemplateFieldsAreRefusedWithTheListOfFields(t *testing.T) {
	t.Parallel()

	for _, field := range []string{"{nam}", "{Full Name}", "{ company-name }", "{Straße}", "{name2}"} {
		wrong := lead.ReplyTemplate{Name: "First", Text: "Hello " + field}.Check()
		for _, want := range []string{
			field + " is not a known field",
			"{name}, {reference}, {company}, {guide}, {option} or {me}",
		} {
			if !strings.Contains(wrong.For("text"), want) {
				t.Errorf("%q: got %v", field, wrong)
			}
		}
	}
	if wrong := (lead.ReplyTemplate{Name: "First", Text: `{"a": 1} {} {0}`}).Check(); wrong != nil {
		t.Errorf("braces that are not fields are refused: %v", wrong)
	}
}
