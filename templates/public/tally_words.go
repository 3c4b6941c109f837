package public

import (
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/guide"
)

// outcome returns the tally in one sentence.
func (g GuidePage) outcome() string {
	left := g.Tally.Left()
	switch {
	case len(g.Tally.Ticked) == 0:
		return "Tick at least one statement above to see which option fits, why, and what would change it."
	case g.Tally.Leader == guide.Both:
		return g.together() + " " + guide.PlainText(g.guide().Both.When)
	case len(left) == 0:
		return "Your ticks rule out every option. Below are the ticks to give up for each."
	case len(left) == 1:
		return fmt.Sprintf("Only %s is left. It scores %d.", left[0].Option.Name, left[0].Score)
	case g.Tally.Leader == guide.Even:
		return g.tie(left)
	}
	leader, others := 0, []string(nil)
	for _, s := range left {
		if s.Option.Slug == g.Tally.Leader {
			leader = s.Score
		} else {
			others = append(others, fmt.Sprint(s.Score))
		}
	}
	fits := "better"
	if len(others) > 1 {
		fits = "best"
	}
	return fmt.Sprintf("%s fits your project %s: %d to %s.", g.name(g.Tally.Leader), fits, leader, strings.Join(others, " and "))
}

// ruledOut says by which ticks an option is impossible.
func ruledOut(s guide.OptionScore) string {
	reasons := make([]string, len(s.Out))
	for i, c := range s.Out {
		reasons[i] = "“" + guide.PlainText(c.Text) + "”"
	}
	return fmt.Sprintf("%s is ruled out by %s.", s.Option.Name, strings.Join(reasons, " and "))
}

// together says which options have must-haves, and begins the advice to use them side by side.
func (g GuidePage) together() string {
	var names []string
	for _, o := range g.Tally.MustUse() {
		names = append(names, o.Name)
	}
	use := "Use both when"
	if len(names) > 2 {
		use = "Use them together when"
	}
	return fmt.Sprintf("You must have reasons for %s. %s", strings.Join(names, " and "), use)
}

func (g GuidePage) tie(left []guide.OptionScore) string {
	var names []string
	best := 0
	for _, s := range left {
		if slices.Contains(g.Tally.Level(), s.Option.Slug) {
			best, names = s.Score, append(names, s.Option.Name)
		}
	}
	return fmt.Sprintf("It is a tie: %s score %d each.", strings.Join(names, " and "), best)
}

// counts reports whether a condition adds to the score if it is ticked.
func (g GuidePage) counts(c guide.Condition) bool {
	for _, s := range g.Tally.Scores {
		if slices.ContainsFunc(s.Reasons, func(r guide.Condition) bool { return r.ID == c.ID }) {
			return s.Counts(c)
		}
	}
	return true
}

func (g GuidePage) decidingWords() string {
	leader := g.name(g.Tally.Leader)
	switch {
	case !g.Tally.Alone:
		return "These decide it together. Without them " + leader + " would not lead."
	case len(g.Tally.Deciding) == 1:
		return "Without this one " + leader + " would not lead."
	}
	return "Each of these decides it. Without any one of them " + leader + " would not lead."
}

func pronoun(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

func conditionIDs(conditions []guide.Condition) []string {
	ids := make([]string, len(conditions))
	for i, c := range conditions {
		ids[i] = c.ID
	}
	return ids
}

// resultLink returns an address that shows this result to anybody.
func (g GuidePage) resultLink(below, fragment string) string {
	known, _ := g.Edition.Known(g.Ticks)
	return "/compare/" + g.guide().Slug + below + "?" + known.Values().Encode() + fragment
}

// intakeLink takes the guide, the edition and the ticks along to the form.
func (g GuidePage) intakeLink() string {
	known, _ := g.Edition.Known(g.Ticks)
	q := known.Values()
	q.Set("guide", g.guide().Slug)
	q.Set("edition", g.Edition.Digest)
	if _, leads := g.Edition.Option(g.Tally.Leader); leads {
		q.Set("option", g.Tally.Leader)
	}
	return "/intake?" + q.Encode()
}
