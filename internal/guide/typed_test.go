package guide_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"tiebreak/internal/guide"
)

func typedHTML(t *testing.T, text string) string {
	t.Helper()
	html, err := guide.TypedHTML(text)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func TestReplyShowsWhatWasTyped(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		`\\fileserver\_plans and C:\_cache\*.tmp`, "2*3*4 and a_b_c and __init__.py", "array[0](first)",
		"[Ann]: https://x.example", "Ann Smith\n-----",
		"Ann Smith\n=====", "# 1 priority", "#hashtag", "> 5 people", "    four spaces *", "*** \nstars", "~~~~\nno code",
		`"*.go", "*.md"`, "&copy; &amp; &#60;",
		"![a](b.png)", "Ann <ann@example.org>", "<https://x.example/a_b*c*d>", "ends in C:\\\nnext line", `a \- b`,
		"**kwargs and *args", "1 * 2 * 3",
		"see [1] and [2][3] and [x][]", "In\n1986. What", `dir\*.tmp`, "[x](javascript:alert(1))",
	} {
		html := typedHTML(t, text)
		if got, want := shownBy(t, html), oneLine(text); got != want {
			t.Errorf("%q is shown as %q: %s", text, got, html)
		}
	}
}

func TestReplyKnowsASmallMarkdown(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"Dear Ann,\nhello *there*.\n\n**Bold: ok**": "<p>Dear Ann,<br>\nhello <em>there</em>.</p>\n<p><strong>Bold: " +
			"ok</strong></p>",
		"2. two\n5. five\n6. six": "<ol start=\"2\">\n<li value=\"2\">two</li>\n<li " +
			"value=\"5\">five</li>\n<li value=\"6\">six</li>\n</ol>",
		"- one\n- two":      "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
		"```\na < *b*\n```": "<pre><code>a &lt; *b*\n</code></pre>",
		"``` run this as root, not as you\nls\n```": "<p>run this as root, not as you</p>\n<pre><code>ls\n</code></pre>",
		"[words](https://x.example/a_(b))":          `<p><a href="https://x.example/a_(b)">words</a></p>`,
		"see https://x.example/a*b*c. Or " +
			"(https://x.example/).": `<p>see <a href="https://x.example/a*b*c">https://x.example/a*b*c</a>. ` +
			`Or (<a href="https://x.example/">https://x.example/</a>).</p>`,
		"`a*b*c\\d`":                      "<p><code>a*b*c\\d</code></p>",
		`\*a\* \[b](https://x.example/)`:  `<p>*a* [b](<a href="https://x.example/">https://x.example/</a>)</p>`,
		"https://x.example/?a=1&b=2":      `<p><a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a></p>`,
		"a\\`b":                           "<p>a`b</p>",
		`\*\*b\*\* \**c**`:                "<p>**b** **c**</p>",
		"[**b**](mailto:ann@example.org)": `<p><a href="mailto:ann@example.org">**b**</a></p>`,
	} {
		if got := typedHTML(t, text); got != want {
			t.Errorf("%q becomes\n%s\nand not\n%s", text, got, want)
		}
	}
}

// Every word that is typed is read in the HTML, in order, whatever stands between the words.
func TestNoWordOfAReplyIsLost(t *testing.T) {
	t.Parallel()

	marks := strings.Split("*|**|_|__|`|```|~~~|#|## |> |- |1. |7) |+ |[|]|](|](https://x.example/|)|![|]: "+
		"|\\|\\\\|\\*|<|>|&|&amp;|&lt;|---|===|\n|\n\n|    |  \n|\\\n|\t| | | "+
		"|.|,|:|\"|'|!|?|=|{|}|/|~|^|[^1]|https://x.example/|(", "|")
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		var words []string
		for n := range 1 + random.IntN(12) {
			for range random.IntN(4) {
				text.WriteString(marks[random.IntN(len(marks))])
			}
			words = append(words, "w"+strings.Repeat("x", n)+"w")
			text.WriteString(words[n])
		}
		html := typedHTML(t, text.String())
		page := bodyOf(t, html)
		// The address of a link with words of its own is markup, and is where the link leads.
		page.Find("a").Each(func(_ int, a *goquery.Selection) { a.AppendHtml(" " + a.AttrOr("href", "")) })
		rest := page.Text()
		for _, w := range words {
			var found bool
			if _, rest, found = strings.Cut(rest, w); !found {
				t.Fatalf("%q loses %q: %s", text.String(), w, html)
			}
		}
	}
}

func TestEscapedTextIsReadAsItWas(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"*Sternchen* & __Söhne__", "C*", "[Ann](https://x.example)", "a `b` c", "Vec<T>",
		`\\server\*x*`, "**A** *b*", "E*Trade",
	} {
		escaped := "Hello " + guide.EscapeTyped(text) + ", welcome"
		if html := typedHTML(t, escaped); shownBy(t, html) != "Hello "+text+", welcome" || strings.Contains(html, "<em>") {
			t.Errorf("%q becomes %s", text, html)
		}
		if got := guide.TypedText(escaped); got != "Hello "+text+", welcome" {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestReplyReadsWellWithoutMarkup(t *testing.T) {
	t.Parallel()

	for typed, want := range map[string]string{
		"Dear Ann,\nhello *there*.\n\n**Bold: ok**":                  "Dear Ann,\nhello there.\n\nBold: ok",
		"- one\n- *two*\n  more":                                     "- one\n- two\n  more",
		"2. two\n5. five":                                            "2. two\n5. five",
		"1. one\n   - in\n   - side\n2. two":                         "1. one\n   - in\n   - side\n2. two",
		"See [our offer](https://x.example/a), https://x.example/b.": "See our offer (https://x.example/a), https://x.example/b.",
		"Type `ls *.go`:\n\n```\na  *b*\n\nc\n```\nBye":              "Type ls *.go:\n\na  *b*\n\nc\n\nBye",
		"a 2*3*4 \\*star\\* C:\\\nend":                               "a 2*3*4 *star* C:\\\nend",
		"> 5 people\n# one":                                          "> 5 people\n# one",
	} {
		if got := guide.TypedText(typed); got != want {
			t.Errorf("%q reads\n%q and not\n%q", typed, got, want)
		}
	}
}
