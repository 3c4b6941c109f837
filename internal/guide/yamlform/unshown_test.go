package yamlform_test

import (
	"strings"
	"testing"
)

// detail returns an option whose fact has the text, which is in double quotes, as its detail.
func detail(text string) string { return "option: a\nfacts: {f: {detail: \"" + text + "\"}}\n" }

func TestMarkupInATextThatIsNotMarkdownIsWarnedOf(t *testing.T) {
	t.Parallel()

	const warning = " is shown as it is typed: this text is not Markdown"
	const guide = "guide: a-vs-b\n"
	eachSays(t, warning, [][2]string{
		{guide + "title: Fast[^1]\n", "a.yaml:2:8: warning: title: [^1]"},
		{guide + "field: Frameworks [estimated]\n", "a.yaml:2:8: warning: field: [estimated]"},
		{guide + "summary: [{label: A **fast** one}]\n", "a.yaml:2:19: warning: summary[1].label: **fast**"},
		{guide + "dimensions: [{title: The `make` tool}]\n", "a.yaml:2:22: warning: dimensions[1].title: `make`"},
		{guide + "questions:\n - question: Is it <b>fast</b>?\n", "a.yaml:3:14: warning: questions[1].question: <b>"},
		{
			guide + "call: {heading: \"Read [this](https://example.org/)\"}\n",
			"a.yaml:2:17: warning: call.heading: [this](https://example.org/)",
		},
		{"option: a\nname: '**A**'\n", "a.yaml:2:7: warning: name: **A**"},
		{"option: a\nkind: '`B`'\n", "a.yaml:2:7: warning: kind: `B`"},
	})
	for _, name := range []string{"Vec<T>", "C**", "a ** b ** c", "RFC [draft]", "`tis", "*nix", "Is 1 < 2 > 0?"} {
		noneSays(t, "typed", "option: a\nname: \""+name+"\"\n")
	}
	noneSays(t, "typed", guide+"subtitle: A **fast** one\nverdict: {headline: '`A`'}\n")
}

func TestMarkdownOfGitHubIsWarnedOf(t *testing.T) {
	t.Parallel()

	const warning = ": readers see the signs as they are typed"
	const place = "a.yaml:2:21: warning: facts.f.detail: guides do not have "
	eachSays(t, warning, [][2]string{
		{detail("See:\\n\\n| A | B |\\n|---|---|\\n| 1 | 2 |"), place + "a table"},
		{detail("It is ~~fast~~ slow."), place + "words between tildes"},
		{detail("- [ ] one\\n- [x] two"), place + "a box to tick"},
	})
	noneSays(t, "guides do not have", detail("~5 to ~10"), detail("`~~a~~`"), detail("a | b"), detail("- [a](/options/a)"),
		detail("https://example.org/~ann"))
}

func TestTheCheckNamesWhatAGuideWouldNotShow(t *testing.T) {
	t.Parallel()

	eachSays(t, "", [][2]string{
		{detail("Text\\n\\n[speed]: /x"), "no link uses the line that begins with [speed]"},
		{detail("``` run this as root\\nls\\n```"), `"run this as root" is not shown`},
		{detail(`See C:\\_cache\\*.tmp`), `warning: facts.f.detail: a backslash of C:\_cache\*.tmp is not shown`},
		{detail(`\\\\fileserver\\x`), `a backslash of \\fileserver\x is not shown`},
		{detail("2. two\\n5. five\\n6. six"), "warning: facts.f.detail: the list item 5 is shown as 3"},
	})
	noneSays(t, "shown", detail("1. a\\n1. b\\n\\n```go\\nx\\n```"))
}

func TestTextsOfASiteAreNotChecked(t *testing.T) {
	t.Parallel()
	if got := check("site.yaml", "name: '**A**'\n"); strings.Contains(got, "typed") {
		t.Errorf("got %s", got)
	}
}
