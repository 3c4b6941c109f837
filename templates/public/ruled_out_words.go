package public

import (
	"fmt"
	"strings"

	"tiebreak/internal/guide"
)

// outcomeInFull returns what is ruled out, who leads and, in a tie, what the guide suggests. Advice to use several options
// together comes first.
func (g GuidePage) outcomeInFull() string {
	var words []string
	for _, x := range g.Tally.Exclusions() {
		words = append(words, ruledOut(x))
	}
	if g.Tally.Leader == guide.Both {
		words = append([]string{g.outcome()}, words...)
	} else {
		words = append(words, g.outcome())
	}
	if o, advised := g.Edition.Advice(g.Tally); advised && g.Tally.Leader == guide.Even {
		words = append(words, fmt.Sprintf("We then suggest %s: %s", o.Name, guide.PlainText(g.guide().Level.Why)))
	}
	return strings.Join(words, " ")
}

// ruledOut says by which ticks options are impossible.
func ruledOut(x guide.Exclusion) string {
	are := "is"
	if len(x.Options) > 1 {
		are = "are"
	}
	return fmt.Sprintf("%s %s ruled out by %s.", guide.InWords(optionNames(x.Options)), are, quoted(x.By))
}

// quoted returns the words of the conditions as a sentence quotes them.
func quoted(conditions []guide.Condition) string {
	quotes := make([]string, len(conditions))
	for i, c := range conditions {
		quotes[i] = "“" + guide.PlainText(c.Text) + "”"
	}
	return guide.InWords(quotes)
}

func optionNames(options []guide.Option) []string {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Name
	}
	return names
}

// together advises to use several options side by side, and says which must-have needs which.
func (g GuidePage) together() string {
	use, alone := "Use both when", "Neither is enough alone"
	if len(g.Tally.MustUse()) > 2 {
		use, alone = "Use them together when", "None is enough alone"
	}
	var needs []string
	for _, s := range g.Tally.Scores {
		var musts []guide.Condition
		for _, c := range s.Reasons {
			if g.Tally.Must[c.ID] {
				musts = append(musts, c)
			}
		}
		switch len(musts) {
		case 0:
		case 1:
			needs = append(needs, quoted(musts)+" needs "+s.Option.Name)
		default:
			needs = append(needs, quoted(musts)+" need "+s.Option.Name)
		}
	}
	return fmt.Sprintf("%s %s %s: %s.", use, guide.PlainText(g.guide().Both.When), alone, strings.Join(needs, "; "))
}

// outWords says why an option cannot be chosen by itself, or "" if it can.
func (g GuidePage) outWords(s guide.OptionScore) string {
	switch {
	case g.Tally.UsedTogether(s.Option):
		return "not enough alone"
	case len(s.Out) > 0:
		return "ruled out"
	}
	return ""
}

// otherOptions returns what a must-have for one of n options rules out.
func otherOptions(n int) string {
	if n == 2 {
		return "the other option"
	}
	return "all other options"
}
