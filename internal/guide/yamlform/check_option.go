package yamlform

import (
	"maps"
	"slices"
	"strings"

	"tiebreak/internal/guide"
)

// option checks an option and its facts.
func (c *checker) option(o *guide.Option) {
	c.slug("option", o.Slug)
	c.given("name", o.Name)
	c.given("kind", o.Kind)
	c.address("homepage", o.Homepage)
	for _, key := range slices.Sorted(maps.Keys(o.Facts)) {
		c.fact(at("facts", key), key, o.Facts[key])
	}
}

func (c *checker) fact(path, key string, f guide.Fact) {
	c.slug(path, key)
	switch f.Confidence {
	case guide.Verified, guide.Estimated:
		c.given(at(path, "value"), f.Value)
	case guide.Unknown:
		if f.Value != "" {
			c.wrong(at(path, "value"), "an unknown fact has no value: leave it out, and say in detail what you looked for")
		}
	case "":
		c.missing(at(path, "confidence"))
	default:
		c.wrong(at(path, "confidence"), "%s is not one of verified, estimated, unknown", guide.Quoted(string(f.Confidence)))
	}
	switch {
	case f.Checked.IsZero():
		c.missing(at(path, "checked"))
	case !f.Review.IsZero() && f.Review.Before(f.Checked):
		c.wrong(at(path, "review"), "this day is before the day on which it was checked")
	case f.Overdue(c.today):
		c.warn(at(path, "review"), "overdue: check the fact again")
	}
	if len(f.Sources) == 0 {
		c.warn(path, "the fact has no source")
	}
	c.sources(at(path, "sources"), f.Sources)
	c.copies(at(path, "sources"), f)
}

// copies warns of stored copies that were old when the fact was checked: the page may say something else by now.
func (c *checker) copies(path string, f guide.Fact) {
	for i, s := range f.Sources {
		if !s.Copy.IsZero() && s.Copy.Day.AddDate(1, 0, 0).Before(f.Checked.Day) {
			c.warn(at(item(path, i), "copy"), "the copy is more than a year older than the check of the fact: read a newer one")
		}
	}
}

func (c *checker) sources(path string, sources []guide.Source) {
	for i, s := range sources {
		c.given(at(item(path, i), "title"), s.Title)
		c.address(at(item(path, i), "url"), s.URL)
		c.finds(at(item(path, i), "find"), s.Find)
	}
}

// maxFindWords is how long a find may be: a name or a short term, never a sentence.
const maxFindWords = 5

func (c *checker) finds(path string, finds []string) {
	for i, words := range finds {
		switch n := len(strings.Fields(words)); {
		case n == 0:
			c.wrong(item(path, i), "this is empty: write one to %d words that must be on the page", maxFindWords)
		case n > maxFindWords:
			c.wrong(item(path, i), "%d words: write one to %d, such as a figure, a name or a short term", n, maxFindWords)
		}
	}
}
