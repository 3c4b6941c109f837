package guide_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/guide"
)

// content is a guide and the options that it compares, to be edited.
type content struct {
	*guide.Guide
	options []guide.Option
}

// admin edits the fact of the first option.
func (c content) admin(edit func(f *guide.Fact)) {
	f := c.options[0].Facts["admin"]
	edit(&f)
	c.options[0].Facts["admin"] = f
}

// edition returns an edition of the starter guide that compares Django and FastAPI, after the edit.
func edition(t *testing.T, edit func(c content)) *guide.Edition {
	t.Helper()
	folder := starterFolder(t)
	g := folder.Guides[slices.IndexFunc(folder.Guides, func(g guide.Guide) bool { return g.Slug == "django-vs-fastapi" })]
	var options []guide.Option
	for _, slug := range g.Options {
		options = append(options,
			folder.Options[slices.IndexFunc(folder.Options, func(o guide.Option) bool { return o.Slug == slug })])
	}
	edit(content{&g, options})
	return editionOf(t, g, options)
}

func TestChangesOfTheChecklistAreTold(t *testing.T) {
	t.Parallel()

	first := func(g *guide.Guide) *guide.Condition { return &g.Conditions["a"][0] }
	for want, edit := range map[string]func(g *guide.Guide){
		"The reason “Large” now rules out B.": func(g *guide.Guide) {
			first(g).RulesOut = []string{"b"}
		},
		"The reason “Large” now counts with other reasons than before.": func(g *guide.Guide) { first(g).Group = "other" },
		"The reason “Large” now counts 1, previously 3.":                func(g *guide.Guide) { first(g).Weight = 1 },
		"New example project: A shop.": func(g *guide.Guide) {
			g.Profiles = append(g.Profiles, guide.Profile{Name: "A shop", Expect: guide.None})
		},
		"The advice to use several of these together was removed.":   func(g *guide.Guide) { g.Both = guide.Together{} },
		"The advice to use several of these together was re-worded.": func(g *guide.Guide) { g.Both.Text = "Other words." },
		"If your reasons come out equal, we now say: choose B, then A.": func(g *guide.Guide) {
			g.Level.Take = guide.Order{"b", "a"}
		},
	} {
		before, after := sample(), sample()
		first(&before.Guide).Text, first(&after.Guide).Text = "Large", "Large"
		edit(&after.Guide)
		if told := after.Changes(before); !slices.Equal(told, []string{want, "Verdict unchanged."}) {
			t.Errorf("%q is not just %q", told, want)
		}
	}
}

func TestChangesSayWhatAReaderFindsChanged(t *testing.T) {
	t.Parallel()

	const other = "Other words."
	for want, edit := range map[string]func(c content){
		"Django, Admin interface: “Built in, generated from your models” is now “Built in”.": func(c content) {
			c.admin(func(f *guide.Fact) { f.Value = "Built in" })
		},
		"Django, Admin interface: the detail " +
			"was re-worded.": func(c content) { c.admin(func(f *guide.Fact) { f.Detail = other }) },
		"Django, Admin interface: now estimated, previously verified.": func(c content) {
			c.admin(func(f *guide.Fact) { f.Confidence = guide.Estimated })
		},
		"Learning curve: Django ahead, previously a tie.": func(c content) { c.Summary[19].Edge = "django" },
		"Learning curve: the reason was re-worded.":       func(c content) { c.Summary[19].Why = other },
		"New row: Colour.": func(c content) {
			c.Summary = append(c.Summary, guide.Criterion{
				ID: "colour", Label: "Colour",
				Values: map[string]string{"django": "Green", "fastapi": "Teal"}, Edge: guide.Even,
			})
		},
		"Row removed: Learning curve.":         func(c content) { c.Summary = c.Summary[:19] },
		"The answer for Django was re-worded.": func(c content) { c.Answer["django"] = "for other words." },
		"The subtitle was re-worded.":          func(c content) { c.Subtitle = other },
		"The title was re-worded.":             func(c content) { c.Title = "Other words" },
		"Question re-worded: Other words?":     func(c content) { c.Questions[0].Question = "Other words?" },
		"The introduction was re-worded.":      func(c content) { c.Intro = other },
		"Section re-worded: Data.":             func(c content) { c.Dimensions[1].Means = other },
		"New reason to choose Django: “It is so”.": func(c content) {
			c.Conditions["django"] = append(c.Conditions["django"], guide.Condition{ID: "so", Text: "It is so", Weight: 1})
		},
		"Answer re-worded: Does Django support async?": func(c content) {
			i := slices.IndexFunc(c.Questions, func(q guide.Question) bool { return q.ID == "django-async" })
			c.Questions[i].Answer = other
		},
		"The verdict is now: “Other words.”": func(c content) { c.Verdict.Headline = other },
	} {
		told := edition(t, edit).Changes(edition(t, func(content) {}))
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

func TestRecheckWithoutChangeIsNotAChange(t *testing.T) {
	t.Parallel()

	after := edition(t, func(c content) {
		c.admin(func(f *guide.Fact) { f.Checked, f.Sources = date("2026-12-01"), nil })
	})
	if told := after.Changes(edition(t, func(content) {})); len(told) > 0 {
		t.Errorf("told %q", told)
	}
	if told := after.Changes(nil); len(told) != 1 || told[0] != "First published." {
		t.Errorf("of the first edition: %q", told)
	}
}

func TestDocumentHoldsEveryFactAndSourceOfThePage(t *testing.T) {
	t.Parallel()

	folder := starterFolder(t)
	for _, g := range folder.Guides {
		e := editionOf(t, g, folder.Options)
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
}
