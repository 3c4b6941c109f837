package yamlform

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"tiebreak/internal/guide"
)

// guide checks a guide section by section, in the order of the form.
func (c *checker) guide(g *guide.Guide) {
	c.slug("guide", g.Slug)
	c.given("title", g.Title)
	c.given("subtitle", g.Subtitle)
	c.given("field", g.Field)
	c.compared(g.Options)
	c.formerly(g)
	each(c, "answer", g, g.Answer)
	c.short(g)
	c.level(g)
	c.together(g.Both)
	c.given("intro", g.Intro)
	c.cites("sources", g.Sources, map[string]string{"intro": g.Intro, "verdict.text": g.Verdict.Text})

	criteria := c.summary(g)
	c.dimensions(g)
	c.given("verdict.headline", g.Verdict.Headline)
	c.given("verdict.text", g.Verdict.Text)
	c.rests("verdict.rests_on", g.Verdict.RestsOn, criteria)
	c.conditions(g, criteria)
	c.profiles(g)
	c.balance(g)
	c.questions(g, criteria)
	c.given("call.heading", g.Call.Heading)
	c.given("call.text", g.Call.Text)
}

func (c *checker) compared(options []string) {
	if len(options) < 2 || len(options) > guide.MaxOptions {
		c.wrong("options", "a guide compares 2 to %d options, this one %d", guide.MaxOptions, len(options))
	}
	for i, o := range options {
		c.slug(item("options", i), o)
		if slices.Index(options, o) < i {
			c.wrong(item("options", i), "%s appears twice here", c.name(o))
		}
	}
}

func (c *checker) formerly(g *guide.Guide) {
	for i, slug := range g.Formerly {
		c.slug(item("formerly", i), slug)
		if slug == g.Slug {
			c.wrong(item("formerly", i), "%s is this guide's current address", slug)
		}
	}
}

// maxShort is how many characters a short answer may have: lists show it in one line.
const maxShort = 48

func (c *checker) short(g *guide.Guide) {
	if len(g.Short) > 0 {
		each(c, "short", g, g.Short)
	}
	for o, text := range g.Short {
		if n := utf8.RuneCountInString(text); n > maxShort {
			c.wrong(at("short", o), "%d characters: write at most %d", n, maxShort)
		}
	}
}

func (c *checker) level(g *guide.Guide) {
	for i, slug := range g.Level.Take {
		path := item("level.take", i)
		if len(g.Level.Take) == 1 {
			path = "level.take"
		}
		c.oneOf(path, slug, g)
		if slices.Index(g.Level.Take, slug) < i {
			c.wrong(path, "%s appears twice here", c.name(slug))
		}
	}
	if len(g.Level.Take) == 0 {
		c.missing("level.take")
	}
	c.given("level.why", g.Level.Why)
}

func (c *checker) together(t guide.Together) {
	if t != (guide.Together{}) {
		c.given("both.when", t.When)
		c.given("both.text", t.Text)
	}
}

// each checks that the map has something for each option of the guide, and for no other.
func each[T string | []guide.Condition](c *checker, path string, g *guide.Guide, by map[string]T) {
	for _, o := range g.Options {
		if len(by[o]) == 0 {
			c.missing(at(path, o))
		}
	}
	if len(g.Options) == 0 && len(by) == 0 {
		c.missing(path)
	}
	for _, o := range slices.Sorted(maps.Keys(by)) {
		if len(g.Options) > 0 && !slices.Contains(g.Options, o) {
			c.wrong(at(path, o), "this guide does not compare %s", c.name(o))
		}
	}
}

// summary returns the ids of the criteria.
func (c *checker) summary(g *guide.Guide) []string {
	var ids []string
	for i, r := range g.Summary {
		path := item("summary", i)
		c.id(at(path, "criterion"), r.ID, &ids)
		c.given(at(path, "label"), r.Label)
		c.given(at(path, "why"), r.Why)
		switch {
		case (r.Fact == "") == (r.Values == nil):
			c.wrong(path, "give either fact or values, not both or neither")
		case r.Fact == "":
			each(c, at(path, "values"), g, r.Values)
		}
		c.oneOf(at(path, "edge"), r.Edge, g, guide.Even)
		c.known(path, g, r)
	}
	if len(g.Summary) == 0 {
		c.missing("summary")
	}
	return ids
}

// known looks at the facts of a criterion, as far as their options are among the files.
func (c *checker) known(path string, g *guide.Guide, r guide.Criterion) {
	for _, slug := range g.Options {
		o, here := c.options[slug]
		if !here || r.Fact == "" {
			continue
		}
		switch f, has := o.Facts[r.Fact]; {
		case !has && c.named:
			c.wrong(at(path, "fact"), "%s has no fact %s: add it on the page of %s, or choose another one", o.Name, r.Fact,
				o.Name)
		case !has:
			c.wrong(at(path, "fact"), "%s", o.Lacks(r.Fact))
		case f.Confidence == guide.Unknown && r.Edge != guide.Even:
			c.wrong(at(path, "edge"), "the fact %s of %s is unknown, so nobody is ahead: %s", r.Fact,
				c.name(slug), c.tieWords())
		}
	}
}

// tieWords say how an editor sets a row to a tie.
func (c *checker) tieWords() string {
	if c.named {
		return "choose a tie"
	}
	return "write even"
}

func (c *checker) dimensions(g *guide.Guide) {
	var ids []string
	for i, d := range g.Dimensions {
		path := item("dimensions", i)
		c.id(at(path, "dimension"), d.ID, &ids)
		c.given(at(path, "title"), d.Title)
		each(c, at(path, "text"), g, d.Text)
		c.given(at(path, "means"), d.Means)
		texts := map[string]string{at(path, "means"): d.Means}
		for o, text := range d.Text {
			texts[at(at(path, "text"), o)] = text
		}
		c.cites(at(path, "sources"), d.Sources, texts)
	}
}

func (c *checker) questions(g *guide.Guide, criteria []string) {
	var ids []string
	for i, q := range g.Questions {
		path := item("questions", i)
		c.id(at(path, "id"), q.ID, &ids)
		c.given(at(path, "question"), q.Question)
		c.given(at(path, "answer"), q.Answer)
		c.rests(at(path, "rests_on"), q.RestsOn, criteria)
		c.cites(at(path, "sources"), q.Sources, map[string]string{at(path, "answer"): q.Answer})
	}
}

// id checks a name that must be the only one of its kind, and adds it to those seen.
func (c *checker) id(path, id string, seen *[]string) {
	c.slug(path, id)
	if id != "" && slices.Contains(*seen, id) {
		c.wrong(path, "%s appears twice here", id)
	}
	*seen = append(*seen, id)
}

func (c *checker) rests(path string, on, criteria []string) {
	for i, id := range on {
		if !slices.Contains(criteria, id) {
			c.wrong(item(path, i), "%s is not a criterion of the summary", guide.Quoted(id))
		}
	}
}

// citable says which sources a text can cite, of which there are n.
func citable(path string, n int) string {
	subject, verdict := "this text", path == "verdict.text"
	if verdict {
		subject = "the verdict cites the sources of the introduction, so it"
	}
	switch {
	case n == 0 && verdict:
		return "the verdict cites the sources of the introduction, which has none yet"
	case n == 0:
		return "this text has no sources yet"
	case n == 1:
		return subject + " can cite [^1] only"
	}
	return fmt.Sprintf("%s can cite [^1] to [^%d]", subject, n)
}

// cites checks the sources of some texts, and that the texts' footnotes and the sources fit.
func (c *checker) cites(path string, sources []guide.Source, texts map[string]string) {
	c.sources(path, sources)
	var cited []guide.Source
	for where, text := range texts {
		for _, found := range guide.NotesIn(text) {
			s, ok := guide.Cited(found.Note, sources)
			if !ok {
				c.wrong(where, "[^%s] cites a source that does not exist: %s", found.Note, citable(where, len(sources)))
			}
			cited = append(cited, s)
		}
	}
	for i, s := range sources {
		if !slices.ContainsFunc(cited, s.Same) {
			c.warn(item(path, i), "source %d is not cited: add [^%d] to the sentence that it supports", i+1, i+1)
		}
	}
}
