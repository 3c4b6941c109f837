package guide

import (
	"maps"
	"slices"
)

// Tally is what ticking conditions yields. Its conditions have the weights that count: the reader's own, or the editor's.
type Tally struct {
	Ticked   map[string]bool // ids that the edition knows
	Must     map[string]bool // those of them that the reader must have
	Weights  map[string]int  // the reader's own weights; a condition may have one without being ticked
	Unknown  int             // ids that the edition does not know and values without a meaning, left out of the count
	Scores   []OptionScore   // in the page's order
	Leader   string          // an option's slug, Even, None or Both
	Margin   int             // the leader's score less the second's; 0 while no other option is left
	Deciding []Condition     // the leader's ticks that decide; see Alone
	Alone    bool            // each of Deciding decides by itself; otherwise only all together do
	Flips    []Flip          // one a rival of the leader, in the page's order; one an option if every one is out
}

// OptionScore is what speaks for an option, and against it.
type OptionScore struct {
	Option  Option
	Score   int         // the sum of the weights of Reasons; of those in one group only the heaviest counts
	Reasons []Condition // its ticked conditions, in the page's order
	Out     []Condition // the ticked conditions that rule it out, in the page's order
}

// Counts reports whether one of the reasons adds to the score. Of those in one group only the first of the heaviest does.
func (s OptionScore) Counts(c Condition) bool {
	if c.Group == "" {
		return true
	}
	var counted Condition
	for _, other := range s.Reasons {
		if other.Group == c.Group && other.Weight > counted.Weight {
			counted = other
		}
	}
	return counted.ID == c.ID
}

// Outcomes of a checklist besides an option's slug and Even.
const (
	None = "none" // nothing is ticked, or every option is ruled out
	Both = "both" // every option is ruled out, because must-haves call for several of them together
)

// Tally counts the ticked conditions. Their order does not matter, a repeated id counts once, an unknown one not at all.
func (e *Edition) Tally(ticks Ticks) Tally {
	t := e.read(ticks)
	t.count(e)
	if _, leads := e.Option(t.Leader); leads {
		t.decide(e)
		t.flip(e)
	} else if len(t.Left()) == 0 {
		t.flip(e)
	}
	return t
}

// count finds the scores, what is out, and with them the leader.
func (t *Tally) count(e *Edition) {
	for _, o := range e.Options {
		s := OptionScore{Option: o}
		for _, r := range e.reasons() {
			if !t.Ticked[r.ID] {
				continue
			}
			c := t.weighted(r.Condition)
			if r.option.Slug == o.Slug {
				s.Reasons = append(s.Reasons, c)
			}
			if slices.Contains(c.RulesOut, o.Slug) || t.Must[c.ID] && r.option.Slug != o.Slug {
				s.Out = append(s.Out, c)
			}
		}
		s.Score = sum(s.Reasons)
		t.Scores = append(t.Scores, s)
	}
	t.lead(e)
}

// weighted returns the condition with the weight that counts.
func (t *Tally) weighted(c Condition) Condition {
	if own, set := t.Weights[c.ID]; set {
		c.Weight = own
	}
	return c
}

// sum returns the score of the conditions: of those in one group only the heaviest counts.
func sum(conditions []Condition) int {
	score, counted := 0, map[string]int{} // by group
	for _, c := range conditions {
		more := max(0, c.Weight-counted[c.Group])
		score += more
		if c.Group != "" {
			counted[c.Group] += more
		}
	}
	return score
}

// lead finds the leader and its margin.
func (t *Tally) lead(e *Edition) {
	left := t.Left()
	t.Leader, t.Margin = None, 0
	switch {
	case len(t.Ticked) == 0:
	case len(left) == 0:
		if e.Guide.Both.Text != "" && len(t.MustUse()) > 1 {
			t.Leader = Both
		}
	case len(left) == 1:
		t.Leader = left[0].Option.Slug
	default:
		slices.SortStableFunc(left, func(a, b OptionScore) int { return b.Score - a.Score })
		t.Leader = Even
		if t.Margin = left[0].Score - left[1].Score; t.Margin > 0 {
			t.Leader = left[0].Option.Slug
		}
	}
}

// Left returns the options that nothing rules out.
func (t *Tally) Left() []OptionScore {
	return slices.DeleteFunc(slices.Clone(t.Scores), func(s OptionScore) bool { return len(s.Out) > 0 })
}

// Level returns the slugs of the options that share the best score among those that are left.
func (t *Tally) Level() (slugs []string) {
	best := 0
	for _, s := range t.Left() {
		if s.Score > best {
			best, slugs = s.Score, nil
		}
		if s.Score == best {
			slugs = append(slugs, s.Option.Slug)
		}
	}
	return slugs
}

// Out returns the slugs of the options that are ruled out, in the page's order.
func (t *Tally) Out() (slugs []string) {
	for _, s := range t.Scores {
		if len(s.Out) > 0 {
			slugs = append(slugs, s.Option.Slug)
		}
	}
	return slugs
}

// Exclusion is what the same ticks rule out.
type Exclusion struct {
	Options []Option
	By      []Condition
}

// Exclusions returns which options are ruled out and by what, those with the same ticks together. Options that are used together
// are left out: none of them is impossible.
func (t *Tally) Exclusions() (all []Exclusion) {
	for _, s := range t.Scores {
		if len(s.Out) == 0 || t.UsedTogether(s.Option) {
			continue
		}
		i := slices.IndexFunc(all, func(other Exclusion) bool { return sameConditions(other.By, s.Out) })
		if i < 0 {
			all = append(all, Exclusion{[]Option{s.Option}, s.Out})
		} else {
			all[i].Options = append(all[i].Options, s.Option)
		}
	}
	return all
}

// UsedTogether reports whether the outcome is to use the option along with others.
func (t *Tally) UsedTogether(o Option) bool {
	return t.Leader == Both && slices.ContainsFunc(t.MustUse(), func(must Option) bool { return must.Slug == o.Slug })
}

// Advice returns the option that the guide recommends where the tally names no leader: the first of those that are level or,
// without a tie, of all. It reports false if the guide recommends none of them.
func (e *Edition) Advice(t Tally) (Option, bool) {
	among := e.Guide.Options
	if t.Leader == Even {
		among = t.Level()
	}
	return e.Option(e.Guide.Level.Take.First(among))
}

// MustUse returns the options that have a must-have, in the page's order.
func (t *Tally) MustUse() (options []Option) {
	for _, s := range t.Scores {
		if slices.ContainsFunc(s.Reasons, func(c Condition) bool { return t.Must[c.ID] }) {
			options = append(options, s.Option)
		}
	}
	return options
}

func holds(conditions []Condition, id string) bool {
	return slices.ContainsFunc(conditions, func(c Condition) bool { return c.ID == id })
}

// recount returns the tally after a change of the ticks, as far as count goes.
func (t *Tally) recount(e *Edition, change func(ticked map[string]bool)) Tally {
	again := Tally{Ticked: maps.Clone(t.Ticked), Must: t.Must, Weights: t.Weights}
	change(again.Ticked)
	again.count(e)
	return again
}

// of returns the score of an option.
func (t *Tally) of(slug string) OptionScore {
	i := slices.IndexFunc(t.Scores, func(s OptionScore) bool { return s.Option.Slug == slug })
	return t.Scores[i]
}
