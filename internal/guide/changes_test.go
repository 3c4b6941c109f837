package guide_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

func TestChangesSayWhatAReaderFindsChanged(t *testing.T) {
	t.Parallel()

	for want, edit := range map[string]func(g *guide.Guide, options []guide.Option){
		"Django, Licence: “BSD 3-clause” is now “New BSD”.": func(_ *guide.Guide, options []guide.Option) {
			change(options[0], "licence", func(f *guide.Fact) { f.Value = "New BSD" })
		},
		"Django, Licence: the detail was re-worded.": func(_ *guide.Guide, options []guide.Option) {
			change(options[0], "licence", func(f *guide.Fact) { f.Detail = "Other words." })
		},
		"Django, Licence: now estimated, previously verified.": func(_ *guide.Guide, options []guide.Option) {
			change(options[0], "licence", func(f *guide.Fact) { f.Confidence = guide.Estimated })
		},
		"Licence: Django ahead, previously a tie.": func(g *guide.Guide, _ []guide.Option) { g.Summary[19].Edge = "django" },
		"Licence: the reason was re-worded.":       func(g *guide.Guide, _ []guide.Option) { g.Summary[19].Why = "Other words." },
		"New row: Colour.": func(g *guide.Guide, _ []guide.Option) {
			g.Summary = append(g.Summary, guide.Criterion{
				ID: "colour", Label: "Colour",
				Values: map[string]string{"django": "Green", "fastapi": "Teal"}, Edge: guide.Even,
			})
		},
		"Row removed: Licence.": func(g *guide.Guide, _ []guide.Option) { g.Summary = g.Summary[:19] },
		"The answer for Django was re-worded.": func(g *guide.Guide,
			_ []guide.Option,
		) {
			g.Answer["django"] = "for other words."
		},
		"The subtitle was re-worded.": func(g *guide.Guide, _ []guide.Option) { g.Subtitle = "Other words." },
		"The title was re-worded.":    func(g *guide.Guide, _ []guide.Option) { g.Title = "Other words" },
		"Question re-worded: Other words?": func(g *guide.Guide,
			_ []guide.Option,
		) {
			g.Questions[0].Question = "Other words?"
		},
		"The introduction was re-worded.": func(g *guide.Guide, _ []guide.Option) { g.Intro = "Other words." },
		"Section re-worded: Data layer.": func(g *guide.Guide,
			_ []guide.Option,
		) {
			g.Dimensions[1].Means = "Other words."
		},
		"New reason to choose Django: “It is so”.": func(g *guide.Guide,
			_ []guide.Option,
		) {
			add(g, guide.Condition{ID: "so", Text: "It is so", Weight: 1})
		},
		"Answer re-worded: Does Django support async?": func(g *guide.Guide,
			_ []guide.Option,
		) {
			answer(g, "django-async", "Other words.")
		},
		"The verdict is now: “Other words.”": func(g *guide.Guide,
			_ []guide.Option,
		) {
			g.Verdict.Headline = "Other words."
		},
	} {
		before, after := edition(t, nil), edition(t, edit)
		told := after.Changes(before)
		if !slices.Contains(told, want) {
			t.Errorf("%q does not say %q", told, want)
		}
		if want == "The subtitle was re-worded." && slices.Contains(told, "The title was re-worded.") {
			t.Error("a new subtitle is told as a new title")
		}
		if verdict := strings.HasPrefix(want, "The verdict"); slices.Contains(told, "Verdict unchanged.") == verdict {
			t.Errorf("%q: the verdict changed: %v", told, verdict)
		}
	}
}

func TestMereReCheckIsNoChange(t *testing.T) {
	t.Parallel()

	after := edition(t, func(_ *guide.Guide, options []guide.Option) {
		change(options[0], "licence", func(f *guide.Fact) { f.Checked, f.Sources = date("2026-12-01"), nil })
	})
	if told := after.Changes(edition(t, nil)); len(told) > 0 {
		t.Errorf("told %q", told)
	}
	if told := after.Changes(nil); len(told) != 1 || told[0] != "First published." {
		t.Errorf("of the first edition: %q", told)
	}
}

func TestDocumentHoldsEveryFactAndSourceOfThePage(t *testing.T) {
	t.Parallel()

	folder := yamlform.Collect(starterFiles(t))
	for _, g := range folder.Guides {
		e, _, err := guide.NewEdition(g, 1, folder.Options, nil)
		if err != nil {
			t.Fatal(err)
		}
		e.MadeAt = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
		record, err := json.Marshal(e.Record("https://example.org/compare/" + g.Slug))
		if err != nil {
			t.Fatal(err)
		}
		var read guide.Record
		if err := json.Unmarshal(record, &read); err != nil {
			t.Fatal(err)
		}
		document := e.Markdown("https://example.org/compare/" + g.Slug)
		for i, o := range e.Options {
			for key, f := range o.Facts {
				if !read.Options[i].Facts[key].Same(f) {
					t.Errorf("the record of %s lacks %s of %s", g.Slug, key, o.Slug)
				}
				if f.Confidence != guide.Unknown && !strings.Contains(document, f.Value) ||
					!strings.Contains(document, f.Checked.String()) {
					t.Errorf("the document of %s lacks %s of %s", g.Slug, key, o.Slug)
				}
			}
		}
		for _, s := range e.Footnotes().List {
			if !strings.Contains(document, "["+guide.EscapeText(s.Title)+"]("+s.URL+")") {
				t.Errorf("the document of %s lacks the source %s", g.Slug, s.Title)
			}
		}
		for _, q := range g.Questions {
			if !strings.Contains(document, "### "+q.Question) {
				t.Errorf("the document of %s lacks %q", g.Slug, q.Question)
			}
		}
	}
}

func TestPlainTextIsWhatAPageShows(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"One **bold** word.[^1] [estimated]":                          "One bold word. (estimated)",
		"Two lines\nare one, `code` and [a](http://example.org) link": "Two lines are one, code and a link",
		"First.\n\n- a\n- b":                                          "First. a b",
		"Tom &amp; Jerry, 5 \\* 3, `a &amp; b`":                       "Tom & Jerry, 5 * 3, a &amp; b",
	} {
		if got := guide.PlainText(text); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
	if short := guide.Shorten("Some words, and more", 12); short != "Some words…" {
		t.Errorf("short is %q", short)
	}
}

// edition is the first starter guide with an edit.
func edition(t *testing.T, edit func(*guide.Guide, []guide.Option)) *guide.Edition {
	t.Helper()
	folder := yamlform.Collect(starterFiles(t)) // read anew: an edit reaches no other test
	g := folder.Guides[slices.IndexFunc(folder.Guides, func(g guide.Guide) bool { return g.Slug == "django-vs-fastapi" })]
	options := make([]guide.Option, len(g.Options))
	for i, slug := range g.Options {
		options[i] = folder.Options[slices.IndexFunc(folder.Options, func(o guide.Option) bool { return o.Slug == slug })]
	}
	if edit != nil {
		edit(&g, options)
	}
	e, _, err := guide.NewEdition(g, 1, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func change(o guide.Option, key string, edit func(*guide.Fact)) {
	f := o.Facts[key]
	edit(&f)
	o.Facts[key] = f
}

func add(g *guide.Guide, c guide.Condition) {
	g.Conditions["django"] = append(g.Conditions["django"], c)
}

func answer(g *guide.Guide, id, words string) {
	for i, q := range g.Questions {
		if q.ID == id {
			g.Questions[i].Answer = words
		}
	}
}
