package web_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

func TestTitlesReadTheSameInTheListForLanguageModels(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	g := s.edition().Guide
	g.Title, g.Subtitle, g.Field = "__main__ [draft", `Every \*nix, F\* and more`, "*nix"
	s.publish(g)

	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(s.body("/llms.txt")), &html); err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(&html)
	if err != nil {
		t.Fatal(err)
	}
	item := page.Find("li:has(a[href$='/compare/" + g.Slug + ".md'])")
	if got := strings.TrimSpace(item.Text()); got != "__main__ [draft: Every *nix, F* and more" ||
		item.Find("a").Text() != g.Title {
		t.Errorf("it reads %q", got)
	}
	if page.Find("h2").FilterFunction(func(_ int, h *goquery.Selection) bool { return h.Text() == g.Field }).Length() != 1 {
		t.Error("the field is not among the headings")
	}
}
