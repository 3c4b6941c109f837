package yamlform

import (
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/guide"
)

// conditions checks what a reader can tick.
func (c *checker) conditions(g *guide.Guide, criteria []string) {
	each(c, "conditions", g, g.Conditions)
	var ids []string
	groups := map[string]string{} // the option of each group
	for _, o := range g.Options {
		for i, condition := range g.Conditions[o] {
			path := item(at("conditions", o), i)
			c.id(at(path, "id"), condition.ID, &ids)
			c.given(at(path, "text"), condition.Text)
			switch {
			case condition.Weight == 0:
				c.wrong(at(path, "weight"), "this is missing: choose 1, 2 or 3")
			case condition.Weight < 1 || condition.Weight > 3:
				c.wrong(at(path, "weight"), "%d is not 1, 2 or 3", condition.Weight)
			}
			c.group(at(path, "group"), condition.Group, o, groups)
			c.rulesOut(at(path, "rules_out"), condition.RulesOut, o, g)
			c.rests(at(path, "rests_on"), condition.RestsOn, criteria)
		}
	}
}

// group checks that conditions share a group with others of their own option only.
func (c *checker) group(path, group, option string, groups map[string]string) {
	if group == "" {
		return
	}
	c.slug(path, group)
	switch other, known := groups[group]; {
	case !known:
		groups[group] = option
	case other != option:
		c.wrong(path, "%s is a group of %s: the conditions of a group speak for one option", group, c.name(other))
	}
}

func (c *checker) rulesOut(path string, out []string, option string, g *guide.Guide) {
	for i, slug := range out {
		switch {
		case slug == option:
			c.wrong(item(path, i), "%s is the option that this reason is for", c.name(slug))
		case !slices.Contains(g.Options, slug):
			c.wrong(item(path, i), "this guide does not compare %s", guide.Quoted(slug))
		case slices.Index(out, slug) < i:
			c.wrong(item(path, i), "%s appears twice here", c.name(slug))
		}
	}
}

// profiles checks the form of the example projects, and that the checklist says of each what it should.
func (c *checker) profiles(g *guide.Guide) {
	e := &guide.Edition{Guide: *g}
	for _, slug := range g.Options {
		e.Options = append(e.Options, guide.Option{Slug: slug})
	}
	var conditions, names []string
	for _, o := range g.Options {
		for _, condition := range g.Conditions[o] {
			conditions = append(conditions, condition.ID)
		}
	}
	for i, p := range g.Profiles {
		path := item("profiles", i)
		c.given(at(path, "name"), p.Name)
		if p.Name != "" && slices.Contains(names, p.Name) {
			c.wrong(at(path, "name"), "another profile has this name too")
		}
		names = append(names, p.Name)
		c.ticks(at(path, "tick"), p.Tick, conditions)
		c.ticks(at(path, "must"), p.Must, conditions)
		c.oneOf(at(path, "expect"), p.Expect, g, guide.Even, guide.Both, guide.None)
		if t := e.Tally(guide.Ticks{Tick: p.Tick, Must: p.Must}); t.Leader != p.Expect && t.Unknown == 0 && p.Expect != "" {
			c.wrong(at(path, "expect"), "%s was expected, the checklist says %s (%s)", c.name(p.Expect), c.name(t.Leader),
				c.scores(t))
		}
	}
}

// scores returns the scores of a tally: "django 3; fastapi 5, ruled out".
func (c *checker) scores(t guide.Tally) string {
	words := make([]string, len(t.Scores))
	for i, s := range t.Scores {
		words[i] = fmt.Sprintf("%s %d", c.name(s.Option.Slug), s.Score)
		if len(s.Out) > 0 {
			words[i] += ", ruled out"
		}
	}
	return strings.Join(words, "; ")
}

func (c *checker) ticks(path string, ids, conditions []string) {
	for i, id := range ids {
		if !slices.Contains(conditions, id) {
			c.wrong(item(path, i), "%s is not the id of a condition", guide.Quoted(id))
		} else if slices.Index(ids, id) < i {
			c.wrong(item(path, i), "%s appears twice here", id)
		}
	}
}
