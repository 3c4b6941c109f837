package yamlform_test

import (
	"strings"
	"testing"
)

func TestMarkupInATextThatIsNotMarkdownIsWarnedOf(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"title: Fast[^1]\n":                             "a.yaml:2:8: warning: title: [^1]",
		"field: Frameworks [estimated]\n":               "a.yaml:2:8: warning: field: [estimated]",
		"summary: [{label: A **fast** one}]\n":          "a.yaml:2:19: warning: summary[1].label: **fast**",
		"dimensions: [{title: The `make` tool}]\n":      "a.yaml:2:22: warning: dimensions[1].title: `make`",
		"questions:\n - question: Is it <b>fast</b>?\n": "a.yaml:3:14: warning: questions[1].question: <b>",
		"call: {heading: \"Read [this](https://example.org/)\"}\n": "a.yaml:2:17: warning: call.heading: " +
			"[this](https://example.org/)",
	} {
		want += " is shown as it is typed: this text is not Markdown"
		if got := check("a.yaml", "guide: a-vs-b\n"+text); !strings.Contains(got, want) {
			t.Errorf("%q: no %q in\n%s", text, want, got)
		}
	}
	if got := check("a.yaml", "option: a\nname: '**A**'\nkind: '`B`'\n"); strings.Count(got, "is shown as it is typed") != 2 {
		t.Errorf("got\n%s", got)
	}
	for _, fine := range []string{"Vec<T>", "C**", "a ** b ** c", "RFC [draft]", "`tis", "*nix", "Is 1 < 2 > 0?"} {
		if got := check("a.yaml", "option: a\nname: \""+fine+"\"\n"); strings.Contains(got, "typed") {
			t.Errorf("%q: %s", fine, got)
		}
	}
	if got := check("a.yaml", "guide: a-vs-b\nsubtitle: A **fast** one\nverdict: {headline: '`A`'}\n"); strings.Contains(got,
		"typed") {
		t.Errorf("got %s", got)
	}
}

func TestMarkdownOfGitHubIsWarnedOf(t *testing.T) {
	t.Parallel()

	for detail, want := range map[string]string{
		"See:\\n\\n| A | B |\\n|---|---|\\n| 1 | 2 |": "a table",
		"It is ~~fast~~ slow.":                        "words between tildes",
		"- [ ] one\\n- [x] two":                       "a box to tick",
	} {
		want := "a.yaml:2:21: warning: facts.f.detail: guides do not have " + want + ": readers see the signs as they are typed"
		if got := check("a.yaml", "option: a\nfacts: {f: {detail: \""+detail+"\"}}\n"); strings.Count(got, want) != 1 {
			t.Errorf("%q: no %q in\n%s", detail, want, got)
		}
	}
	for _, fine := range []string{"~5 to ~10", "`~~a~~`", "a | b", "- [a](/options/a)", "https://example.org/~ann"} {
		if got := check("a.yaml", "option: a\nfacts: {f: {detail: \""+fine+"\"}}\n"); strings.Contains(got,
			"guides do not have") {
			t.Errorf("%q: %s", fine, got)
		}
	}
}

func TestTheCheckNamesWhatAGuideWouldNotShow(t *testing.T) {
	t.Parallel()

	for detail, want := range map[string]string{
		"Text\\n\\n[speed]: /x":           "no link uses the line that begins with [speed]",
		"``` run this as root\\nls\\n```": `"run this as root" is not shown`,
		`See C:\\_cache\\*.tmp`:           `warning: facts.f.detail: a backslash of C:\_cache\*.tmp is not shown`,
		`\\\\fileserver\\x`:               `a backslash of \\fileserver\x is not shown`,
		"2. two\\n5. five\\n6. six":       "warning: facts.f.detail: the list item 5 is shown as 3",
	} {
		if got := check("a.yaml", "option: a\nfacts: {f: {detail: \""+detail+"\"}}\n"); !strings.Contains(got, want) {
			t.Errorf("%q: no %q in\n%s", detail, want, got)
		}
	}
	if got := check("a.yaml", "option: a\nfacts: {f: {detail: \"1. a\\n1. b\\n\\n```go\\nx\\n```\"}}\n"); strings.Contains(got,
		"shown") {
		t.Errorf("got %s", got)
	}
}
