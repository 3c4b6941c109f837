package guide_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/guide"
)

// bodyOf returns the body of the HTML.
func bodyOf(t *testing.T, html string) *goquery.Selection {
	t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	return document.Find("body")
}

// shownBy returns the text that a reader of the HTML sees.
func shownBy(t *testing.T, html string) string { return oneLine(bodyOf(t, html).Text()) }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// asTyped shows a sign in brackets.
func asTyped(s guide.Sign) (string, error) {
	if s.Note != "" {
		return "[^" + s.Note + "]", nil
	}
	return "[" + s.Label + "]", nil
}

func TestSignsInCodeAndInAddressesAreWords(t *testing.T) {
	t.Parallel()

	const words = "Fast[^1] [estimated]. `[^1] x[unknown]` and [a](https://example.org/ \"[estimated] [^1]\")\n\n```\n[^1] " +
		"[unknown]\n```"
	html, err := guide.HTML(words, func(s guide.Sign) (string, error) { return "<b>" + s.Note + s.Label + "</b>", nil })
	if err != nil {
		t.Fatal(err)
	}
	want := `<p>Fast<b>1</b> <b>estimated</b>. <code>[^1] x[unknown]</code> and <a href="https://example.org/" title="[estimated] [^1]">a</a></p>
<pre><code>[^1] [unknown]
</code></pre>`
	if html != want {
		t.Errorf("got %s", html)
	}
	html, err = guide.HTML("Fast![^1] ![estimated](https://example.org/a.png)", asTyped)
	if err != nil {
		t.Fatal(err)
	}
	if got := shownBy(t, html); !strings.HasPrefix(got, "Fast![^1]") || strings.Count(html, "<img") != 1 {
		t.Errorf("a note after an exclamation mark is shown as %s", html)
	}
	if got, want := guide.PlainText("Fast[^1] [estimated], `[^1] x[unknown]`"), "Fast (estimated), [^1] x[unknown]"; got != want {
		t.Errorf("got %q", got)
	}

	folder := starterFolder(t)
	g := folder.Guides[0]
	g.Intro = "Fast.[^1] `[^1] [^99]`"
	e := editionOf(t, g, folder.Options)
	if document := e.Markdown("https://example.org/"); !strings.Contains(document, "Fast.[^1] `[^1] [^99]`\n") {
		t.Error("the document changes code")
	}
}

func TestAngleBracketsAppearAsWritten(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"Use Vec<T> and Result<T, E>", "a <b>bold</b> claim", "<select> first", "<div>\na block\n</div>", "set <YourName> here",
		"<!-- a comment -->", "<?php echo 1 ?>", "<![CDATA[x]]>", "<script>alert(1)</script>", "List<String>, Map<K, V>",
		"a < b > c", "[later]: /a-line-that-no-link-uses",
	} {
		want := oneLine(text)
		for name, convert := range map[string]func(string) (string, error){
			"guide": func(text string) (string, error) { return guide.HTML(text, asTyped) },
			"line":  func(text string) (string, error) { return guide.InlineHTML(text, asTyped) }, "letter": guide.TypedHTML,
		} {
			html, err := convert(text)
			if err != nil {
				t.Fatal(err)
			}
			if got := shownBy(t, html); got != want {
				t.Errorf("%s: %q is shown as %q: %s", name, text, got, html)
			}
		}
		if got := guide.PlainText(text); got != want {
			t.Errorf("plain: %q is shown as %q", text, got)
		}
	}
}

func TestAddressesInAngleBracketsAreLinks(t *testing.T) {
	t.Parallel()

	html, err := guide.HTML("See <https://example.org/a_b> or <me@example.org>, and [this][1].\n\n[1]: https://example.org/one",
		asTyped)
	if err != nil {
		t.Fatal(err)
	}
	want := `<p>See <a href="https://example.org/a_b">https://example.org/a_b</a> or ` +
		`<a href="mailto:me@example.org">me@example.org</a>, and <a href="https://example.org/one">this</a>.</p>`
	if html != want {
		t.Errorf("got %s", html)
	}
}

func TestAngleBracketsSurviveOtherMarkdownReaders(t *testing.T) {
	t.Parallel()

	folder := starterFolder(t)
	g := folder.Guides[0]
	for o := range g.Answer {
		g.Answer[o] = "when you write Vec<T>, `Vec<T>` and <select> every day."
	}
	e := editionOf(t, g, folder.Options)
	document := e.Markdown("https://example.org/compare/" + g.Slug)
	for _, want := range []string{`Vec\<T>, `, "`Vec<T>` and ", `\<select>`, "- Page: <https://example.org/compare/"} {
		if !strings.Contains(document, want) {
			t.Errorf("the document does not contain %s", want)
		}
	}
}
