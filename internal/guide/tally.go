package guide

import (
	"cmp"
	"fmt"
	"slices"
)

// Tally is what ticking conditions yields.
type Tally struct {
	Ticked   map[string]bool // ids that the edition knows
	Unknown  int             // ids that it does not know, left out of the count
	Scores   []OptionScore   // in the page's order
	Leader   string          // an option's slug, Even, or None when nothing is ticked
	Margin   int             // the leader's score less the second's
	Deciding []Condition     // the leader's ticks that decide; see Alone
	Alone    bool            // each of Deciding decides by itself; otherwise only all together do
	Flips    []Flip          // one a rival of the leader, in the page's order
}

// OptionScore is what speaks for an option.
type OptionScore struct {
	Option  Option
	Score   int         // the sum of the weights of Reasons
	Reasons []Condition // its ticked conditions, in the page's order
}

// Flip is what a rival of the leader still lacks.
type Flip struct {
	Rival  Option
	Adds   []Condition // the fewest further reasons that reach the leader; empty if nothing left would
	Levels bool        // they level it; otherwise they tip it
}

// Words returns what the rival would do if the conditions in Adds also applied, as the line above their list.
func (f Flip) Words() string {
	verb, these := "lead", "this"
	switch {
	case len(f.Adds) == 0:
		return fmt.Sprintf("Nothing else on %s’s list would change this.", f.Rival.Name)
	case len(f.Adds) > 1:
		these = "these"
	}
	if f.Levels {
		verb = "tie"
	}
	return fmt.Sprintf("%s would %s if %s also applied:", f.Rival.Name, verb, these)
}

// Outcomes of a checklist besides an option's slug and Even.
const (
	None = "none" // nothing is ticked, or every option is ruled out
	Both = "both" // every option is ruled out, because must-haves call for several of them together
)

// Tally counts the ticked conditions. Their order does not matter, a repeated id counts once, an unknown one not at all.
func (e *Edition) Tally(ticks []string) Tally {
	t := Tally{Ticked: map[string]bool{}, Leader: None}
	unknown := map[string]bool{}
	for _, id := range ticks {
		if _, _, known := e.Condition(id); known {
			t.Ticked[id] = true
		} else {
			unknown[id] = true
		}
	}
	t.Unknown = len(unknown)
	best, second := 0, 0
	for _, o := range e.Options {
		s := OptionScore{Option: o}
		for _, c := range e.Guide.Conditions[o.Slug] {
			if t.Ticked[c.ID] {
				s.Reasons = append(s.Reasons, c)
				s.Score += c.Weight
			}
		}
		if s.Score > best {
			best, second, t.Leader = s.Score, best, o.Slug
		} else {
			second = max(second, s.Score)
		}
		t.Scores = append(t.Scores, s)
	}
	switch {
	case best == 0:
		return t
	case best == second:
		t.Leader = Even
		return t
	}
	t.Margin = best - second
	t.decide()
	t.flip(e, best)
	return t
}

// decide finds the leader's ticks whose removal levels or flips it: each alone or, where none is heavy enough, the
// heaviest together.
func (t *Tally) decide() {
	reasons := slices.Clone(t.Scores[t.leader()].Reasons)
	for _, c := range reasons {
		if c.Weight >= t.Margin {
			t.Deciding = append(t.Deciding, c)
		}
	}
	if t.Alone = len(t.Deciding) > 0; !t.Alone {
		t.Deciding, _ = heaviest(reasons, t.Margin)
	}
}

// flip finds for each rival the fewest of its open conditions that reach the leader.
func (t *Tally) flip(e *Edition, best int) {
	for i, s := range t.Scores {
		if i == t.leader() {
			continue
		}
		open := slices.DeleteFunc(slices.Clone(e.Guide.Conditions[s.Option.Slug]),
			func(c Condition) bool { return t.Ticked[c.ID] })
		f := Flip{Rival: s.Option}
		var weight int
		f.Adds, weight = heaviest(open, best-s.Score)
		f.Levels = weight == best-s.Score
		t.Flips = append(t.Flips, f)
	}
}

func (t *Tally) leader() int {
	return slices.IndexFunc(t.Scores, func(s OptionScore) bool { return s.Option.Slug == t.Leader })
}

// heaviest takes conditions, heaviest first and then by id, until their weight reaches the gap. It takes none if all of
// them would not reach it.
func heaviest(from []Condition, gap int) (taken []Condition, weight int) {
	from = slices.SortedFunc(slices.Values(from), func(a, b Condition) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range from {
		if weight >= gap {
			break
		}
		taken, weight = append(taken, c), weight+c.Weight
	}
	if weight < gap {
		return nil, 0
	}
	return taken, weight
}
