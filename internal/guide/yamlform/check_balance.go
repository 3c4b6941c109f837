package yamlform

import (
	"regexp"
	"slices"

	"tiebreak/internal/guide"
)

// balance warns where rows and conditions do not support each other, or speak for one side only.
func (c *checker) balance(g *guide.Guide) {
	ties := 0
	for i, row := range g.Summary {
		path := at(item("summary", i), "edge")
		switch {
		case row.Edge == guide.Even:
			ties++
			if !slices.ContainsFunc(g.Options, func(o string) bool { return restOn(g.Conditions[o], row.ID) }) {
				c.warn(path, "no reason rests on this tie, so it decides nothing: leave the row out")
			}
		case slices.Contains(g.Options, row.Edge) && !restOn(g.Conditions[row.Edge], row.ID):
			c.warn(path, "%s is ahead, and no reason to choose it rests on this row", c.name(row.Edge))
		}
	}
	if ties*3 > len(g.Summary) {
		c.warn("summary", "%d of %d rows are ties: leave out those that decide nothing, at most a third may stay", ties,
			len(g.Summary))
	}
	c.directions(g)
	c.skills(g)
}

func restOn(conditions []guide.Condition, criterion string) bool {
	return slices.ContainsFunc(conditions, func(c guide.Condition) bool { return slices.Contains(c.RestsOn, criterion) })
}

// directions warns of conditions that rest on a row in which another option is ahead.
func (c *checker) directions(g *guide.Guide) {
	edges := map[string]string{}
	for _, row := range g.Summary {
		edges[row.ID] = row.Edge
	}
	for _, o := range g.Options {
		for i, condition := range g.Conditions[o] {
			for j, id := range condition.RestsOn {
				if edge := edges[id]; edge != o && slices.Contains(g.Options, edge) {
					c.warn(item(at(item(at("conditions", o), i), "rests_on"), j),
						"%s is ahead in the row %s, so it is not a reason for %s", c.name(edge), c.row(g, id), c.name(o))
				}
			}
		}
	}
}

// skillsGroup and skillsWords tell conditions about what a team knows or whom it hires.
var (
	skillsGroup = regexp.MustCompile(`^skills(-|$)`)
	skillsWords = regexp.MustCompile(`(?i)\b(?:knows|hire|hires|hiring)\b`)
)

// skills warns if conditions about skills or hiring speak for some of the options and not for the others.
func (c *checker) skills(g *guide.Guide) {
	var without []string
	for _, o := range g.Options {
		if !slices.ContainsFunc(g.Conditions[o], func(c guide.Condition) bool {
			return skillsGroup.MatchString(c.Group) || skillsWords.MatchString(c.Text)
		}) {
			without = append(without, o)
		}
	}
	if len(without) == len(g.Options) {
		return
	}
	for _, o := range without {
		c.warn(at("conditions", o), "only other options have a reason about skills or hiring: add one for %s", c.name(o))
	}
}
