package guide_test

import (
	"slices"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/guide/yamlform"
)

// The starter content is the product's promise in words: these tests walk all of it.

func TestStarterContentHasNoMistakeAndNoWarning(t *testing.T) {
	t.Parallel()

	texts, err := yamlform.Texts(starter.FS)
	if err != nil {
		t.Fatal(err)
	}
	files, reading := yamlform.Read(texts)
	for _, problem := range yamlform.Check(files, reading, today) {
		t.Error(problem)
	}
}

func TestEveryStarterValueIsSourcedAndDated(t *testing.T) {
	t.Parallel()

	for _, o := range starterFolder(t).Options {
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

	folder := starterFolder(t)
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

func TestStarterGuidesAreWhole(t *testing.T) {
	t.Parallel()

	for _, g := range starterFolder(t).Guides {
		rows, sections, reasons, questions := 9, 5, 5, 5
		if g.Slug == "django-vs-fastapi" { // the one that shows how far a guide can go
			rows, sections, reasons, questions = 15, 8, 8, 10
		}
		least := func(what string, have, want int) {
			if have < want {
				t.Errorf("%s has %d %s, want at least %d", g.Slug, have, what, want)
			}
		}
		least("criteria", len(g.Summary), rows)
		least("dimensions", len(g.Dimensions), sections)
		for _, o := range g.Options {
			least("reasons for "+o, len(g.Conditions[o]), reasons)
		}
		least("questions", len(g.Questions), questions)
		least("sources of intro and verdict", len(g.Sources), 1)
	}
}

// today is a day on which the samples below are fresh.
var today = date("2026-11-29")

func date(iso string) guide.Date {
	var d guide.Date
	if err := d.UnmarshalText([]byte(iso)); err != nil {
		panic(err)
	}
	return d
}

// starterFolder returns the starter content, read anew so that an edit reaches no other test.
func starterFolder(t *testing.T) guide.Folder {
	t.Helper()
	folder, err := starter.Folder()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func editionOf(t *testing.T, g guide.Guide, options []guide.Option) *guide.Edition {
	t.Helper()
	e, _, err := guide.NewEdition(g, 1, options, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
