package guide

import (
	"maps"
	"regexp"
	"slices"
)

// guide checks a guide section by section, in the order of the form.
func (c *checker) guide(g *Guide) {
	c.slug("guide", g.Slug)
	c.given("title", "the title", g.Title)
	c.given("subtitle", "the subtitle", g.Subtitle)
	c.given("field", "the field", g.Field)
	c.compared(g.Options)
	c.each("answer", g, g.Answer)
	if !slices.Contains(g.Options, g.Level.Take) {
		c.wrong("level.take", "%q is not compared here", g.Level.Take)
	}
	c.given("level.why", "the reason", g.Level.Why)
	c.given("intro", "the intro", g.Intro)
	c.cites("sources", g.Sources, map[string]string{"intro": g.Intro, "verdict.text": g.Verdict.Text})

	criteria := c.summary(g)
	c.dimensions(g)
	c.given("verdict.headline", "the headline", g.Verdict.Headline)
	c.given("verdict.text", "the verdict's text", g.Verdict.Text)
	c.rests("verdict.rests_on", g.Verdict.RestsOn, criteria)
	c.conditions(g, criteria)
	c.questions(g, criteria)
	c.given("call.heading", "the call's heading", g.Call.Heading)
	c.given("call.text", "the call's text", g.Call.Text)
}

func (c *checker) compared(options []string) {
	if len(options) < 2 || len(options) > MaxOptions {
		c.wrong("options", "a guide compares 2 to %d options, this one %d", MaxOptions, len(options))
	}
	for i, o := range options {
		c.slug(item("options", i), o)
		if slices.Index(options, o) < i {
			c.wrong(item("options", i), "%q stands here twice", o)
		}
	}
}

// each checks that texts has one for each option of the guide, and no other.
func (c *checker) each(path string, g *Guide, texts map[string]string) {
	for _, o := range g.Options {
		c.given(at(path, o), "the text for "+o, texts[o])
	}
	for _, o := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(g.Options, o) {
			c.wrong(at(path, o), "%q is not compared here", o)
		}
	}
}

// summary returns the ids of the criteria.
func (c *checker) summary(g *Guide) []string {
	var ids []string
	for i, r := range g.Summary {
		path := item("summary", i)
		c.id(at(path, "criterion"), r.ID, &ids)
		c.given(at(path, "label"), "the label", r.Label)
		c.given(at(path, "why"), "the reason", r.Why)
		switch {
		case (r.Fact == "") == (r.Values == nil):
			c.wrong(path, "a criterion shows either a fact or values of the guide's own")
		case r.Fact == "":
			c.each(at(path, "values"), g, r.Values)
		}
		if r.Edge != Even && !slices.Contains(g.Options, r.Edge) {
			c.wrong(at(path, "edge"), "%q is not compared here: use an option or even", r.Edge)
		}
		c.known(path, g, r)
	}
	if len(ids) == 0 {
		c.wrong("summary", "the summary has no criterion")
	}
	return ids
}

// known looks at the facts of a criterion, as far as their options are among the files.
func (c *checker) known(path string, g *Guide, r Criterion) {
	for _, slug := range g.Options {
		o, here := c.options[slug]
		if !here || r.Fact == "" {
			continue
		}
		switch f, has := o.Facts[r.Fact]; {
		case !has:
			c.wrong(at(path, "fact"), "%s has no fact %q", slug, r.Fact)
		case f.Confidence == Unknown && r.Edge != Even:
			c.wrong(at(path, "edge"), "the fact %q of %s is unknown, so the row cannot be scored: the edge is even", r.Fact, slug)
		}
	}
}

func (c *checker) dimensions(g *Guide) {
	var ids []string
	for i, d := range g.Dimensions {
		path := item("dimensions", i)
		c.id(at(path, "dimension"), d.ID, &ids)
		c.given(at(path, "title"), "the title", d.Title)
		c.each(at(path, "text"), g, d.Text)
		c.given(at(path, "means"), "what it means in practice", d.Means)
		texts := map[string]string{at(path, "means"): d.Means}
		for o, text := range d.Text {
			texts[at(at(path, "text"), o)] = text
		}
		c.cites(at(path, "sources"), d.Sources, texts)
	}
}

func (c *checker) conditions(g *Guide, criteria []string) {
	var ids []string
	for _, o := range g.Options {
		if len(g.Conditions[o]) == 0 {
			c.wrong(at("conditions", o), "no reason to choose %s", o)
		}
		for i, condition := range g.Conditions[o] {
			path := item(at("conditions", o), i)
			c.id(at(path, "id"), condition.ID, &ids)
			c.given(at(path, "text"), "the text", condition.Text)
			if condition.Weight < 1 || condition.Weight > 3 {
				c.wrong(at(path, "weight"), "a weight is 1, 2 or 3, not %d", condition.Weight)
			}
			c.rests(at(path, "rests_on"), condition.RestsOn, criteria)
		}
	}
	for _, o := range slices.Sorted(maps.Keys(g.Conditions)) {
		if !slices.Contains(g.Options, o) {
			c.wrong(at("conditions", o), "%q is not compared here", o)
		}
	}
}

func (c *checker) questions(g *Guide, criteria []string) {
	var ids []string
	for i, q := range g.Questions {
		path := item("questions", i)
		c.id(at(path, "id"), q.ID, &ids)
		c.given(at(path, "question"), "the question", q.Question)
		c.given(at(path, "answer"), "the answer", q.Answer)
		c.rests(at(path, "rests_on"), q.RestsOn, criteria)
		c.cites(at(path, "sources"), q.Sources, map[string]string{at(path, "answer"): q.Answer})
	}
}

// id checks a name that must be the only one of its kind, and adds it to those seen.
func (c *checker) id(path, id string, seen *[]string) {
	c.slug(path, id)
	if slices.Contains(*seen, id) {
		c.wrong(path, "%q stands here twice", id)
	}
	*seen = append(*seen, id)
}

func (c *checker) rests(path string, on, criteria []string) {
	for i, id := range on {
		if !slices.Contains(criteria, id) {
			c.wrong(item(path, i), "there is no criterion %q", id)
		}
	}
}

// note is a footnote in prose: [^1] is the first of the sources that stand beside it.
var note = regexp.MustCompile(`\[\^(\d+)\]`)

// cites checks the sources of some texts, and that the texts' footnotes and the sources fit.
func (c *checker) cites(path string, sources []Source, texts map[string]string) {
	c.sources(path, sources)
	cited := map[Source]bool{}
	for where, text := range texts {
		for _, match := range note.FindAllStringSubmatch(text, -1) {
			s, ok := Cited(match[1], sources)
			if !ok {
				c.wrong(where, "%s is no source of this text: it has %d", match[0], len(sources))
			}
			cited[s] = true
		}
	}
	for i, s := range sources {
		if !cited[s] {
			c.warn(item(path, i), "no text cites this source: write [^%d] after the claim that it carries", i+1)
		}
	}
}
