package public

import (
	"fmt"
	"slices"

	"tiebreak/internal/guide"
)

// maxExamples is how many profiles the checklist offers as examples.
const maxExamples = 3

// weightChoice is a choice of how much a reason counts.
type weightChoice struct {
	value, words string
	chosen       bool
}

// weights returns the choices for a condition: the editor's weight, less if there is less, more if there is more.
func (g GuidePage) weights(c guide.Condition) []weightChoice {
	own, set := g.Tally.Weights[c.ID]
	less, more := 1, 3
	if own < c.Weight && set {
		less = own
	}
	if own > c.Weight {
		more = own
	}
	choices := []weightChoice{{"", "Our weight", !set || own == c.Weight}}
	if less < c.Weight {
		choices = append(choices, weightChoice{fmt.Sprintf("%s:%d", c.ID, less), "Less", set && own < c.Weight})
	}
	if more > c.Weight {
		choices = append(choices, weightChoice{fmt.Sprintf("%s:%d", c.ID, more), "More", own > c.Weight})
	}
	return choices
}

// reweighted says that the reader's own weight of a condition counts in place of the guide's.
func (g GuidePage) reweighted(c guide.Condition) string {
	guides, _, _ := g.Edition.Condition(c.ID)
	switch own, set := g.Tally.Weights[c.ID]; {
	case set && own < guides.Weight:
		return fmt.Sprintf("less than our ×%d", guides.Weight)
	case set && own > guides.Weight:
		return fmt.Sprintf("more than our ×%d", guides.Weight)
	}
	return ""
}

// profileLink opens the checklist as it is for an example project.
func (g GuidePage) profileLink(p guide.Profile) string {
	ticks := guide.Ticks{Tick: slices.Concat(p.Tick, p.Must), Must: p.Must}
	return "/compare/" + g.guide().Slug + "?" + ticks.Values().Encode() + "#choose"
}

func (g GuidePage) namesOf(slugs []string) string {
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		names[i] = g.name(slug)
	}
	return guide.InWords(names)
}
