package public

import (
	"fmt"
	"slices"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/templates/ui"
)

// outcome returns the tally in one sentence.
func (g GuidePage) outcome() string {
	left := g.Tally.Left()
	switch {
	case len(g.Tally.Ticked) == 0:
		return "Tick at least one statement above to see which option fits, why, and what would change it."
	case g.Tally.Leader == guide.Both:
		return g.together()
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
	if g.Tally.Margin == 1 {
		fits = "slightly better"
	} else if len(others) > 1 {
		fits = "best"
	}
	return fmt.Sprintf("%s fits %s: %d to %s.", g.name(g.Tally.Leader), fits, leader, guide.InWords(others))
}

// PreviewResult makes the title and the link preview say the result. Address is the guide's.
func (g *GuidePage) PreviewResult(address string) {
	known, _ := g.Edition.Known(g.Ticks)
	g.Title = g.guide().Title + ". " + g.headline()
	g.Description = fmt.Sprintf("The result of %s. %s", ui.Count(len(g.Tally.Ticked), "ticked reason", "ticked reasons"),
		g.outcome())
	g.Canonical = address + "?" + known.Values().Encode()
}

// headline returns what the ticks point to, in a few words.
func (g GuidePage) headline() string {
	switch leader := g.name(g.Tally.Leader); {
	case leader != "":
		return "For these reasons: " + leader + "."
	case g.Tally.Leader == guide.Both:
		return "For these reasons: use " + guide.InWords(optionNames(g.Tally.MustUse())) + " together."
	case g.Tally.Leader == guide.Even:
		return "For these reasons: a tie."
	}
	return "These reasons rule out every option."
}

// adviseBoth reports that the guide has advice for using several options, that more than one has reasons, and that the outcome
// does not give the advice already.
func (g GuidePage) adviseBoth() bool {
	sides := 0
	for _, s := range g.Tally.Scores {
		if len(s.Reasons) > 0 {
			sides++
		}
	}
	return sides > 1 && g.guide().Both.Text != "" && g.Tally.Leader != guide.Both
}

// standing returns how an option comes out, to stand after its name.
func (g GuidePage) standing(s guide.OptionScore) string {
	switch out := g.outWords(s); {
	case out != "":
		return "is " + out
	case s.Option.Slug == g.Tally.Leader && g.Tally.Margin == 1:
		return "fits slightly better"
	case s.Option.Slug == g.Tally.Leader && len(g.Tally.Scores) > 2:
		return "fits best"
	case s.Option.Slug == g.Tally.Leader:
		return "fits better"
	case g.Tally.Leader == guide.Even && slices.Contains(g.Tally.Level(), s.Option.Slug):
		return "ties"
	}
	return ""
}

// beamPart is the part of a beam that stands for a reason, in percent of the highest score.
type beamPart struct {
	x, width, middle string
	number           int // the reason's
}

// beam returns a part for each reason of an option that counts.
func (g GuidePage) beam(s guide.OptionScore) []beamPart {
	highest := 1
	for _, other := range g.Tally.Scores {
		highest = max(highest, other.Score)
	}
	const gap = .6 // between two parts
	percent := func(share float64) string { return fmt.Sprintf("%.2f%%", share) }
	var parts []beamPart
	at := 0.0
	for _, c := range s.Reasons {
		if s.Counts(c) {
			from, to := at, at+float64(c.Weight)/float64(highest)*100
			if from > 0 {
				from += gap
			}
			parts = append(parts, beamPart{percent(from), percent(to - from), percent((from + to) / 2), g.Numbers[c.ID]})
			at = to
		}
	}
	return parts
}

// flipsTo returns the hints about what would bring the option forward.
func (g GuidePage) flipsTo(o guide.Option) []guide.Flip {
	return slices.DeleteFunc(slices.Clone(g.Tally.Flips), func(f guide.Flip) bool { return f.Rival.Slug != o.Slug })
}

func pointWord(n int) string {
	if n == 1 {
		return "point"
	}
	return "points"
}

func (g GuidePage) tie(left []guide.OptionScore) string {
	var names []string
	best := 0
	for _, s := range left {
		if slices.Contains(g.Tally.Level(), s.Option.Slug) {
			best, names = s.Score, append(names, s.Option.Name)
		}
	}
	return fmt.Sprintf("It is a tie: %s score %d each.", guide.InWords(names), best)
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
	case g.oneReason():
		return "It is the only reason that you ticked."
	case !g.Tally.Alone:
		return "These decide it together. Without them " + leader + " would not lead."
	case len(g.Tally.Deciding) == 1:
		return "Without this one " + leader + " would not lead."
	}
	return "Each of these decides it. Without any one of them " + leader + " would not lead."
}

// oneReason reports that a single tick decides, which then need not be listed again.
func (g GuidePage) oneReason() bool { return len(g.Tally.Ticked) == 1 && len(g.Tally.Deciding) == 1 }

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

// alternatives returns the names as a choice: "A, B or C".
func alternatives(names []string) string {
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// reasonNumbers returns "Reason 2" or "Reasons 1, 4".
func (g GuidePage) reasonNumbers(reasons []guide.Condition) string {
	numbers := make([]string, len(reasons))
	for i, c := range reasons {
		numbers[i] = fmt.Sprint(g.Numbers[c.ID])
	}
	word := "Reasons "
	if len(numbers) == 1 {
		word = "Reason "
	}
	return word + strings.Join(numbers, ", ")
}
