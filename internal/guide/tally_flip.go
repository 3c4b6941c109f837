package guide

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Flip is what a rival of the leader still lacks.
type Flip struct {
	Rival  Option
	Out    []Condition // the ticks that rule it out; then nothing added would help
	Then   Tally       // the count without the ticks in Out
	Eased  *Tally      // the count with them as ordinary reasons; nil if one of them rules the rival out anyway
	Stays  bool        // the leader is the same in Eased
	Adds   []Condition // further reasons that bring it level or ahead; empty if nothing left would
	Levels bool        // they level it; otherwise they tip it
	Like   string      // name of a rival before it that the same ticks rule out in the same way; "" if there is none
}

// Words returns what the rival would do if the conditions in Adds also applied, as the line above their list. For a rival that
// is out it is the line above what rules it out.
func (f Flip) Words() string {
	verb, these := "lead", "this"
	if max(len(f.Out), len(f.Adds)) > 1 {
		these = "these"
	}
	switch {
	case f.Like != "":
		return fmt.Sprintf("The same goes for %s.", f.Rival.Name)
	case f.Eased != nil && len(f.Out) == 1:
		return fmt.Sprintf("%s is possible only if this is not a must-have:", f.Rival.Name)
	case f.Eased != nil:
		return fmt.Sprintf("%s is possible only if these are not must-haves:", f.Rival.Name)
	case len(f.Out) > 0:
		return fmt.Sprintf("%s is possible only without %s:", f.Rival.Name, these)
	case len(f.Adds) == 0:
		return fmt.Sprintf("Nothing else on %s’s list would change this.", f.Rival.Name)
	case f.Levels:
		verb = "tie"
	}
	return fmt.Sprintf("%s would %s if %s also applied:", f.Rival.Name, verb, these)
}

// Changes returns the ticks that Words introduces.
func (f Flip) Changes() []Condition {
	if f.Like != "" {
		return nil
	}
	return slices.Concat(f.Out, f.Adds)
}

// ThenWords returns what the result would be without the ticks that rule the rival out, to stand after Words and those ticks.
// Where they do so as must-haves, it says first what the result would be with them as ordinary reasons; if that is another
// leader, nothing more.
func (f Flip) ThenWords() string {
	it := "it"
	if len(f.Out) > 1 {
		it = "them"
	}
	without := "Without " + it + ", " + f.Then.wouldBe()
	switch {
	case f.Eased == nil:
		return without
	case !f.Stays:
		return "Then " + f.Eased.wouldBe()
	case f.Then.Leader == f.Eased.Leader:
		return "Even without " + it + ", " + f.Then.wouldBe()
	case len(f.Then.Ticked) == 0:
		return "Even then, " + f.Eased.wouldBe()
	}
	return "Even then, " + f.Eased.wouldBe() + " " + without
}

// wouldBe says the outcome of a count that some change would lead to.
func (t *Tally) wouldBe() string {
	var leader OptionScore
	var others []string
	for _, s := range t.Left() {
		if s.Option.Slug == t.Leader {
			leader = s
		} else {
			others = append(others, fmt.Sprint(s.Score))
		}
	}
	leads := leader.Option.Slug != ""
	switch {
	case leads && len(others) == 0:
		return "only " + leader.Option.Name + " would be left."
	case leads:
		return fmt.Sprintf("%s would lead, %d to %s.", leader.Option.Name, leader.Score, InWords(others))
	case t.Leader == Even:
		return "it would be a tie."
	case len(t.Ticked) == 0:
		return "nothing would be ticked."
	}
	return "every option would still be ruled out."
}

// decide finds the leader's ticks whose removal changes the leader: each alone or, where none does, the fewest together.
func (t *Tally) decide(e *Edition) {
	for _, c := range t.of(t.Leader).Reasons {
		if again := t.recount(e, func(ticked map[string]bool) { delete(ticked, c.ID) }); again.Leader != t.Leader {
			t.Deciding = append(t.Deciding, c)
		}
	}
	if t.Alone = len(t.Deciding) > 0; !t.Alone {
		t.Deciding = t.fewestToLose()
	}
}

// fewestToLose returns the fewest of the leader's reasons without which some rival is level or ahead; none if the leader leads
// without any.
func (t *Tally) fewestToLose() (fewest []Condition) {
	leader := t.of(t.Leader)
	for _, rival := range t.Scores {
		if rival.Option.Slug == t.Leader {
			continue
		}
		var bars, others []Condition // the leader's reasons that rule the rival out, and its others
		for _, c := range leader.Reasons {
			if holds(rival.Out, c.ID) {
				bars = append(bars, c)
			} else {
				others = append(others, c)
			}
		}
		if len(bars) < len(rival.Out) {
			continue // reasons of another option rule it out
		}
		set := slices.Concat(bars, fewestToTake(others, sum(others)-rival.Score))
		if fewest == nil || len(set) < len(fewest) {
			fewest = set
		}
	}
	return fewest
}

// fewestToTake returns the fewest conditions without which the score of all is less by at least gap. Of a group it takes the
// heaviest first, because a lighter one does not count before. So it goes through the groups and keeps for each number of
// conditions the set that takes most.
func fewestToTake(from []Condition, gap int) []Condition {
	takes := func(set []Condition) int {
		rest := slices.DeleteFunc(slices.Clone(from), func(c Condition) bool { return holds(set, c.ID) })
		return sum(from) - sum(rest)
	}
	best := make([][]Condition, len(from)+1) // by the number of conditions
	for _, group := range groupsOf(from) {
		for n := len(from); n > 0; n-- {
			for taken := 1; taken <= min(n, len(group)); taken++ {
				before := best[n-taken]
				if len(before) < n-taken {
					continue // there is no such set yet
				}
				if set := slices.Concat(before, group[:taken]); best[n] == nil || takes(set) > takes(best[n]) {
					best[n] = set
				}
			}
		}
	}
	i := slices.IndexFunc(best, func(set []Condition) bool { return takes(set) >= gap })
	return best[max(i, 0)]
}

// groupsOf returns the conditions that count together, heaviest first and then by id. One without a group stands alone.
func groupsOf(conditions []Condition) (groups [][]Condition) {
	conditions = slices.SortedFunc(slices.Values(conditions), func(a, b Condition) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID))
	})
	for _, c := range conditions {
		i := slices.IndexFunc(groups, func(group []Condition) bool { return c.Group != "" && group[0].Group == c.Group })
		if i < 0 {
			groups = append(groups, []Condition{c})
		} else {
			groups[i] = append(groups[i], c)
		}
	}
	return groups
}

// flip finds for each rival of the leader what would bring it level or ahead, or what rules it out.
func (t *Tally) flip(e *Edition) {
	for _, s := range t.Scores {
		if s.Option.Slug == t.Leader {
			continue
		}
		f := Flip{Rival: s.Option, Out: s.Out}
		if len(s.Out) == 0 {
			f.Adds, f.Levels = t.additions(e, s)
		} else {
			t.open(e, &f)
		}
		t.Flips = append(t.Flips, f)
	}
}

// open finds what the result would be if nothing ruled the rival out.
func (t *Tally) open(e *Edition, f *Flip) {
	f.Then = t.recount(e, func(ticked map[string]bool) {
		for _, c := range f.Out {
			delete(ticked, c.ID)
		}
	})
	if !slices.ContainsFunc(f.Out, func(c Condition) bool { return slices.Contains(c.RulesOut, f.Rival.Slug) }) {
		eased := Tally{Ticked: t.Ticked, Must: maps.Clone(t.Must), Weights: t.Weights}
		for _, c := range f.Out {
			delete(eased.Must, c.ID)
		}
		eased.count(e)
		f.Eased, f.Stays = &eased, eased.Leader == t.Leader
	}
	for _, before := range t.Flips {
		if (before.Eased == nil) == (f.Eased == nil) && sameConditions(before.Out, f.Out) {
			f.Like = before.Rival.Name
		}
	}
}

func sameConditions(a, b []Condition) bool {
	return slices.EqualFunc(a, b, func(a, b Condition) bool { return a.ID == b.ID })
}

// additions adds the rival's open conditions one by one until a recount puts it level or ahead: first one that rules the leader
// out, otherwise the one that adds most.
func (t *Tally) additions(e *Edition, rival OptionScore) (adds []Condition, levels bool) {
	var open []Condition
	for _, c := range e.Guide.Conditions[rival.Option.Slug] {
		if !t.Ticked[c.ID] {
			open = append(open, t.weighted(c))
		}
	}
	for now := *t; len(open) > 0; {
		next := slices.MinFunc(open, func(a, b Condition) int { return now.compare(t.Leader, rival.Option.Slug, a, b) })
		adds = append(adds, next)
		open = slices.DeleteFunc(open, func(c Condition) bool { return c.ID == next.ID })
		now = now.recount(e, func(ticked map[string]bool) { ticked[next.ID] = true })
		if now.Leader == rival.Option.Slug {
			return adds, false
		}
		if now.Leader == Even && slices.Contains(now.Level(), rival.Option.Slug) {
			return adds, true
		}
	}
	return nil, false
}

// compare orders two open conditions of a rival by what it needs most.
func (t *Tally) compare(leader, rival string, a, b Condition) int {
	bars := func(c Condition) int {
		if len(t.of(leader).Out) == 0 && slices.Contains(c.RulesOut, leader) {
			return 1
		}
		return 0
	}
	reasons := t.of(rival).Reasons
	with := func(c Condition) int { return sum(append(slices.Clone(reasons), c)) }
	return cmp.Or(cmp.Compare(bars(b), bars(a)), cmp.Compare(with(b), with(a)), cmp.Compare(a.ID, b.ID))
}
