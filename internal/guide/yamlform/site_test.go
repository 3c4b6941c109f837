package yamlform_test

import (
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func TestSiteOfTheFormComesBackFromItsFile(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "plain", "null", "~", "yes", "012", "# no comment", "a: b", "- a", "'\"", `C:\new \x41`, "€ ü مرحبا 👍",
		"\u202egnp.exe", "\uFFFD", "a\u2028b", "<script>alert(1)</script>", "one\ntwo", "  one\n two\n\n\tthree", "{{7*7}}",
		strings.Repeat("ab ", 20),
		"\ufeffmark", "%TAG", "@home", "`code`", "!tag", "&a *a", "| block", "> folded", "a #b", "\u00a0x",
	} {
		var s guide.Site
		for _, part := range s.Parts() {
			switch {
			case part.Name == "imprint", part.Name == "contact":
				*part.Text = yamlform.Trim("https://example.org/?" + strings.NewReplacer("\n", "", "\t", "").Replace(text))
			case part.Lines:
				*part.Text = yamlform.Trim(text)
			default:
				*part.Text = yamlform.Trim(strings.Join(strings.Fields(text), " "))
			}
		}
		if wrong := yamlform.CheckSite(s); yamlform.Mistakes(wrong) > 0 {
			t.Fatalf("%q: %v", text, wrong)
		}
		file, err := yamlform.YAML(s.All())
		if err != nil {
			t.Fatal(err)
		}
		texts := []yamlform.Text{{Name: "site.yaml", Content: file}}
		files, findings := yamlform.Read(texts)
		if findings = yamlform.Check(files, findings, today); len(findings) > 0 {
			t.Errorf("%s\n%s", lines(findings), file)
			continue
		}
		if after, changed := files[0].Site.Apply(s); len(changed) > 0 {
			t.Errorf("%q changes %v to %+v\n%s", text, changed, after, file)
		}
	}
}

func TestMistakesOfASiteAreFoundInItsFile(t *testing.T) {
	t.Parallel()
	got := check("site.yaml", `name: A
imprint: example.org/imprint
budgets: |-
  Under $5,000
  `+strings.Repeat("b", 61)+`
name_hint: "\u200b"
hint: x
contact: hello at studio
`)
	says(t, got, `site.yaml:2:10: imprint: "example.org/imprint" is not a web address: write all of it, with https://`,
		"site.yaml:3:10: budgets: suggestion 2 has 61 characters: shorten it to 60",
		"site.yaml:6:12: name_hint: nothing of this can be seen: leave it empty",
		`site.yaml:8:10: contact: "hello at studio" is not an email address or a web address: write one, such as `,
		"site.yaml:7:1: unknown field \"hint\": expected one of address, budget_hint, budgets, consent_sentence, contact,")
	for _, contact := range []string{`""`, "hello@example.org", "https://example.org/contact"} {
		if got := check("site.yaml", "contact: "+contact+"\n"); got != "" {
			t.Errorf("contact %s: %s", contact, got)
		}
	}
	if got := check("site.yaml", "name: Old\nrun_by: "+strings.Repeat("A", 5000)+"\n"); got != "" {
		t.Errorf("a file of before: %s", got)
	}
}
