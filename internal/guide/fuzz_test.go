package guide_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func FuzzYAMLIsReadOrItsMistakesNamed(f *testing.F) {
	for _, file := range []string{
		"option: a\nname: A\nkind: K\nhomepage: https://example.org/\nfacts:\n  x: {value: v, confidence: verified, checked: " +
			"2026-11-22}\n",
		"guide: a-vs-b\ntitle: A\noptions: [a, b]\nanswer: {a: x, b: y}\n", "name: Studio\n", "a: &a [*a]\n", "- [", "\x00",
		"option: !!binary x",
	} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, text string) {
		files, findings := yamlform.Read([]yamlform.Text{{Name: "options/a.yaml", Content: []byte(text)}})
		for _, finding := range yamlform.Check(files, findings, today) {
			if finding.File == "" || finding.Message == "" {
				t.Errorf("a mistake without a place or words: %+v", finding)
			}
		}
	})
}

func FuzzMarkdownBringsNoMarkupOfItsOwn(f *testing.F) {
	for _, seed := range []string{
		"*a* **b** `c` [d](https://example.org/)", "<script>alert(1)</script>", "[x](javascript:alert(1))",
		"![x](data:image/png;base64,AA)", "<a href=x onclick=y>", "[^1] [estimated]",
		"<svg/onload=alert(1)>", "[a]: <script>\n", "`<b>`<b", "<https://a\"onclick=x>", "[a]: /x '<b>'\n\n[a](</x> \"<b>\")",
		"&lt;b&gt; &#60;b&#62;", strings.Repeat("*", 2500) + "a" + strings.Repeat("*", 2500),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		letter, err := guide.TypedHTML(text)
		if err != nil {
			t.Fatal(err)
		}
		page, err := guide.HTML(text, asTyped)
		if err != nil {
			t.Fatal(err)
		}
		wantOnlyOurTags(t, text, page+letter)
		_ = guide.PlainText(text)
	})
}

// ourTags are the elements that Markdown makes.
var ourTags = strings.Fields("p a em strong code pre ul ol li blockquote h1 h2 h3 h4 h5 h6 hr br img")

// wantOnlyOurTags reads the HTML tag by tag. A parser of whole documents refuses more than 512 elements within each other.
func wantOnlyOurTags(t *testing.T, text, page string) {
	t.Helper()
	tags := html.NewTokenizer(strings.NewReader(page))
	for kind := tags.Next(); kind != html.ErrorToken; kind = tags.Next() {
		if kind == html.TextToken {
			continue
		}
		tag := tags.Token()
		if !slices.Contains(ourTags, tag.Data) {
			t.Errorf("%q brought %q", text, page)
		}
		for _, attribute := range tag.Attr {
			if address := strings.ToLower(strings.TrimSpace(attribute.Val)); strings.HasPrefix(attribute.Key, "on") ||
				strings.HasPrefix(address, "javascript:") {
				t.Errorf("%q brought %q", text, page)
			}
		}
	}
	if err := tags.Err(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}
