package guide_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"tiebreak/internal/guide"
)

// oddTexts are plain texts in which readers of Markdown would see markup.
var oddTexts = []string{
	"*nix", "F*", "__main__ — Top-level code environment", "RFC [draft", "a] b", "C #", "1. FC", "- minus", "+ plus", "> quote",
	"# hash", "R&amp;D", `back\_slash`, "`code", "~~gone~~", "Vec<T>", "<b>", "two\nlines", "[x](y)", "![x](y)", "10) ten",
	"snake_case_name", "=", "---", "a & b",
}

// rendered returns the document as GitHub's readers show it.
func rendered(t *testing.T, document string) *goquery.Selection {
	t.Helper()
	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(document), &html); err != nil {
		t.Fatal(err)
	}
	return bodyOf(t, html.String())
}

// texts returns what each element says, in one line.
func texts(found *goquery.Selection) []string {
	return found.Map(func(_ int, e *goquery.Selection) string { return oneLine(e.Text()) })
}

func TestPlainTextsReadTheSameInMarkdownDocuments(t *testing.T) {
	t.Parallel()
	for _, odd := range oddTexts {
		e := oddEdition(t, odd)
		want := oneLine(odd)
		page := rendered(t, e.Markdown("https://example.org/compare/x"))
		for _, heading := range []string{"h1", "h3", "h4"} {
			if found := texts(page.Find(heading)); !slices.Contains(found, want) {
				t.Errorf("%q: the %s are %q", odd, heading, found)
			}
		}
		if found := texts(page.Find("strong")); !slices.Contains(found, "Choose "+want) {
			t.Errorf("%q: in bold %q", odd, found)
		}
		all := guide.Ticks{Tick: slices.Collect(maps.Keys(e.Numbers()))}
		record := rendered(t, e.Decision(e.Tally(all), guide.Date{}, "https://example.org/compare/x?tick=a"))
		if found := texts(record.Find("li")); !slices.ContainsFunc(found, func(item string) bool {
			return strings.HasPrefix(item, want+" ("+want+"): for a")
		}) {
			t.Errorf("%q: the record's items are %q", odd, found)
		}
		for _, document := range []*goquery.Selection{page, record} {
			link := document.Find("a[href^='https://example.org/a_(b']")
			if href, _ := link.First().Attr("href"); oneLine(link.First().Text()) != want ||
				href != "https://example.org/a_(b*c*" {
				t.Errorf("%q: the source reads %q and leads to %q", odd, link.First().Text(), href)
			}
		}
	}
}

func TestMarkdownOfAValueIsKeptInTheDocument(t *testing.T) {
	t.Parallel()
	e := oddEdition(t, "A")
	items := rendered(t, e.Markdown("https://example.org/compare/x")).Find("li:contains('Yes, quite')")
	if items.Length() == 0 || items.First().Find("strong").Text() != "quite" || strings.Contains(items.Text(), "*") {
		html, _ := items.Html()
		t.Errorf("the value is shown as %s", html)
	}
}

// oddEdition returns an edition of a starter guide whose plain fields all say the text.
func oddEdition(t *testing.T, text string) *guide.Edition {
	t.Helper()
	folder := starterFolder(t)
	g := folder.Guides[0]
	g.Title, g.Summary[0].Label, g.Dimensions[0].Title, g.Questions[0].Question = text, text, text, text
	g.Verdict.Headline = "**Yes**, and `no`"
	for i := range folder.Options {
		o := &folder.Options[i]
		o.Name, o.Kind = text, text
		for key, f := range o.Facts {
			f.Value = "Yes, **quite**"
			for j := range f.Sources {
				f.Sources[j] = guide.Source{Title: text, URL: "https://example.org/a_(b*c*"}
			}
			o.Facts[key] = f
		}
	}
	return editionOf(t, g, folder.Options)
}

func TestTildesOfProseStrikeNothingOut(t *testing.T) {
	t.Parallel()

	const words = "It is ~~fast~~, **~slow~** and \\~~so\\~~ `~~on~~`; see https://example.org/~ann."
	const shown = "It is ~~fast~~, ~slow~ and ~~so~~ ~~on~~; see https://example.org/~ann."
	folder := starterFolder(t)
	g := folder.Guides[0]
	g.Intro = words + "\n\nAt https://example.org/~ben."
	for _, conditions := range g.Conditions {
		conditions[0].Text = words
	}
	e := editionOf(t, g, folder.Options)
	first := g.Conditions[g.Options[0]][0]
	ticked := e.Tally(guide.Ticks{Tick: []string{first.ID}})
	for name, document := range map[string]string{
		"page": e.Markdown("https://example.org/"), "record": e.Decision(ticked, guide.Date{}, "https://example.org/"),
	} {
		page := rendered(t, document)
		if page.Find("del").Length() > 0 || !strings.Contains(oneLine(page.Text()), "It is ~~fast~~, ~slow~ and ~~so~~ ~~on~~") {
			t.Errorf("the %s does not say %s:\n%s", name, shown, document)
		}
	}
	if document := e.Markdown("https://example.org/"); !strings.Contains(document, "\nAt https://example.org/~ben.\n") {
		t.Error("tildes that strike nothing out are escaped")
	}
}
