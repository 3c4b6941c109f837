package guide_test

import (
	"slices"
	"testing"

	"tiebreak/internal/guide"
)

// The starter content is the product's promise in words: these tests walk all of it.

func TestStarterContentHasNoMistakeAndNoWarning(t *testing.T) {
	t.Parallel()

	if findings := guide.Check(starterFiles(t), nil, today); len(findings) > 0 {
		t.Error(lines(findings))
	}
}

func TestEveryStarterValueIsSourcedAndDated(t *testing.T) {
	t.Parallel()

	for _, o := range guide.Collect(starterFiles(t)).Options {
		for key, f := range o.Facts {
			if len(f.Sources) == 0 || f.Checked.IsZero() || f.Review.IsZero() {
				t.Errorf("%s of %s has %d sources, checked %q, review %q", key, o.Slug, len(f.Sources), f.Checked, f.Review)
			}
			for _, s := range f.Sources {
				if s.Title == "" || s.URL == "" {
					t.Errorf("%s of %s has a source without a title or an address", key, o.Slug)
				}
			}
		}
	}
}

func TestStarterGuidesRestOnWhatTheyShow(t *testing.T) {
	t.Parallel()

	folder := guide.Collect(starterFiles(t))
	for _, g := range folder.Guides {
		for _, c := range g.Summary {
			for _, o := range folder.Options {
				if _, has := o.Facts[c.Fact]; c.Fact != "" && slices.Contains(g.Options, o.Slug) && !has {
					t.Errorf("%s shows %s, which %s does not have", g.Slug, c.Fact, o.Slug)
				}
			}
		}
		for o, conditions := range g.Conditions {
			for _, c := range conditions {
				if len(c.RestsOn) == 0 {
					t.Errorf("%s: the reason %s for %s rests on nothing", g.Slug, c.ID, o)
				}
			}
		}
		for _, q := range g.Questions {
			if len(q.RestsOn) == 0 {
				t.Errorf("%s: the answer to %s rests on nothing", g.Slug, q.ID)
			}
		}
		if len(g.Verdict.RestsOn) == 0 {
			t.Errorf("%s: the verdict rests on nothing", g.Slug)
		}
	}
}

func TestFirstGuideIsWhole(t *testing.T) {
	t.Parallel()

	g := guide.Collect(starterFiles(t)).Guides[0]
	for what, count := range map[string]struct{ have, least int }{
		"criteria":              {len(g.Summary), 14},
		"dimensions":            {len(g.Dimensions), 9},
		"reasons for Django":    {len(g.Conditions["django"]), 8},
		"reasons for FastAPI":   {len(g.Conditions["fastapi"]), 8},
		"questions":             {len(g.Questions), 10},
		"sources for the intro": {len(g.Sources), 1},
	} {
		if count.have < count.least {
			t.Errorf("%d %s, want at least %d", count.have, what, count.least)
		}
	}
}
