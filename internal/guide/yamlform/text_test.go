package yamlform_test

import (
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func TestTheFirstLineOfATextStaysAsDeepAsItIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"|2-\n\n      make all\n\n  Then run it.\n":       "    make all\n\nThen run it.",
		"\" \\n\\n    make all\\n\\nThen run it. \\n\"\n": "    make all\n\nThen run it.",
		"|2\n    - a\n    - b\n":                          "  - a\n  - b",
		"\"\\tmake all\\n\\tmake test\"\n":                "    make all\n\tmake test",
		"\"  one line \"\n":                               "one line",
		"|2-\n      make all\n":                           "make all",
		"|-\n\n\n  a\n    b\n\n":                          "a\n  b",
	} {
		file, findings := read([]byte("guide: a-vs-b\nintro: " + text))
		if len(findings) > 0 || file.Guide.Intro != want {
			t.Errorf("%q is read as %q\n%s", text, file.Guide.Intro, lines(findings))
			continue
		}
		g := guide.Guide{
			Slug: "a", Intro: want, Verdict: guide.Verdict{Text: want},
			Questions: []guide.Question{{ID: "a", Answer: want}},
		}
		written, err := yamlform.YAML(g)
		if err != nil {
			t.Fatal(err)
		}
		again, findings := read(written)
		if now := again.Guide; now == nil || now.Intro != want || now.Verdict.Text != want || now.Questions[0].Answer != want {
			t.Errorf("%q is written as\n%s\n%s", want, written, lines(findings))
		}
	}
}

func TestASentenceIsRepeatedHoweverItsLettersAreComposed(t *testing.T) {
	t.Parallel()

	got := check("a.yaml", "option: a\nfacts:\n  one: {detail: A café sentence of exactly nine words stands here.}\n"+
		"  two: {detail: A café sentence of exactly nine words stands here.}\n")
	says(t, got, "a.yaml:4:17: warning: facts.two.detail: this sentence is also at a.yaml:3")
}
