package guide_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tiebreak/internal/guide"
)

func TestFollowingAFlipHintFlipsOrLevelsAsItSays(t *testing.T) {
	t.Parallel()
	checked := 0
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		before := e.Tally(ticks)
		for _, f := range before.Flips {
			checked++
			rival := f.Rival.Slug
			leads := func(t guide.Tally) bool { return t.Leader == rival }
			level := func(t guide.Tally) bool { return t.Leader == guide.Even && slices.Contains(t.Level(), rival) }
			switch after := e.Tally(with(ticks, ids(f.Adds)...)); {
			case len(f.Out) > 0:
				if s := scoreOf(e.Tally(without(ticks, ids(f.Out)...)), rival); len(s.Out) > 0 {
					return fmt.Sprintf("without %v it is still out", ids(f.Out))
				}
			case len(f.Adds) == 0:
				if all := e.Tally(with(ticks, ids(e.Guide.Conditions[rival])...)); leads(all) || level(all) {
					return "something left would flip it to " + rival
				}
			case f.Levels && !level(after) || !f.Levels && !leads(after):
				return fmt.Sprintf("adding %v is led by %s", ids(f.Adds), after.Leader)
			default:
				fewer := e.Tally(with(ticks, ids(f.Adds[:len(f.Adds)-1])...))
				if leads(fewer) || level(fewer) {
					return "fewer would do"
				}
			}
		}
		return ""
	})
	if checked == 0 {
		t.Error("no edition has a flip hint")
	}
}

func TestRemovingWhatDecidesChangesTheLeader(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		before := e.Tally(ticks)
		changes := func(gone ...string) bool { return e.Tally(without(ticks, gone...)).Leader != before.Leader }
		leader := scoreOf(before, before.Leader)
		var alone []string
		for _, id := range ids(leader.Reasons) {
			if changes(id) {
				alone = append(alone, id)
			}
		}
		switch decides := ids(before.Deciding); {
		case len(alone) > 0 || before.Alone:
			if !before.Alone || !slices.Equal(alone, decides) {
				return fmt.Sprintf("%v decides alone, not %v", alone, decides)
			}
		case len(decides) == 0:
			if len(leader.Reasons) > 0 && changes(ids(leader.Reasons)...) {
				return "nothing decides"
			}
		case !changes(decides...):
			return fmt.Sprintf("without %v it still leads", decides)
		default:
			for fewer := range subsets(ids(leader.Reasons), len(decides)-1) {
				if changes(fewer...) {
					return fmt.Sprintf("%v decides, with fewer than %v", fewer, decides)
				}
			}
		}
		return ""
	})
}

// subsets yields the sets of at most n of the ids.
func subsets(ids []string, n int) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for bits := range 1 << len(ids) {
			var set []string
			for i, id := range ids {
				if bits&(1<<i) != 0 {
					set = append(set, id)
				}
			}
			if len(set) <= n && !yield(set) {
				return
			}
		}
	}
}

func TestFlipSaysOneConditionInTheSingularAndSeveralInThePlural(t *testing.T) {
	t.Parallel()

	rival, one := guide.Option{Name: "FastAPI"}, guide.Condition{ID: "one"}
	for want, flip := range map[string]guide.Flip{
		"FastAPI would lead if this also applied:":          {Rival: rival, Adds: []guide.Condition{one}},
		"FastAPI would tie if these also applied:":          {Rival: rival, Adds: []guide.Condition{one, one}, Levels: true},
		"Nothing else on FastAPI’s list would change this.": {Rival: rival},
		"FastAPI is possible only without this:":            {Rival: rival, Out: []guide.Condition{one}},
		"FastAPI is possible only without these:":           {Rival: rival, Out: []guide.Condition{one, one}},
		"FastAPI is possible only if this is not a must-have:": {
			Rival: rival, Out: []guide.Condition{one}, Eased: &guide.Tally{},
		},
		"FastAPI is possible only if these are not must-haves:": {
			Rival: rival, Out: []guide.Condition{one, one}, Eased: &guide.Tally{},
		},
		"The same goes for FastAPI.": {Rival: rival, Out: []guide.Condition{one}, Like: "Django"},
	} {
		if got := flip.Words(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAHintSaysWhatTheResultWouldBeWithoutWhatRulesARivalOut(t *testing.T) {
	t.Parallel()
	checked := 0
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		for _, f := range e.Tally(ticks).Flips {
			if len(f.Out) == 0 {
				continue
			}
			checked++
			if want := e.Tally(without(ticks, ids(f.Out)...)); f.Then.Leader != want.Leader {
				return fmt.Sprintf("without %v it says that %s leads, and %s does", ids(f.Out), f.Then.Leader, want.Leader)
			}
			if f.Eased == nil {
				continue
			}
			eased := ticks
			eased.Tick = slices.Concat(ticks.Tick, ticks.Must)
			eased.Must = without(ticks, ids(f.Out)...).Must
			if want := e.Tally(eased); f.Eased.Leader != want.Leader || len(scoreOf(want, f.Rival.Slug).Out) > 0 {
				return fmt.Sprintf("with %v as ordinary reasons it says that %s leads, and %s does", ids(f.Out),
					f.Eased.Leader, want.Leader)
			}
		}
		return ""
	})
	if checked == 0 {
		t.Error("no hint is about a rival that is ruled out")
	}
}

func TestAHintAboutARivalThatIsOutSaysTheSmallestChangeFirst(t *testing.T) {
	t.Parallel()
	option := func(name string, score int, out ...guide.Condition) guide.OptionScore {
		return guide.OptionScore{Option: guide.Option{Slug: name, Name: name}, Score: score, Out: out}
	}
	for want, f := range map[string]guide.Flip{
		"Without it, A would lead, 5 to 3 and 2.": {
			Out:  make([]guide.Condition, 1),
			Then: guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("B", 3), option("A", 5), option("C", 2)}},
		},
		"Without them, only A would be left.": {
			Out:  make([]guide.Condition, 2),
			Then: guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("A", 0), option("B", 3, guide.Condition{ID: "x"})}},
		},
		"Without it, it would be a tie.": {
			Out:  make([]guide.Condition, 1),
			Then: guide.Tally{Leader: guide.Even, Scores: []guide.OptionScore{option("A", 3), option("B", 3)}},
		},
		"Even then, A would lead, 3 to 1. Without it, B would lead, 1 to 0.": {
			Out:   make([]guide.Condition, 1),
			Then:  guide.Tally{Leader: "B", Scores: []guide.OptionScore{option("A", 0), option("B", 1)}},
			Eased: &guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("A", 3), option("B", 1)}}, Stays: true,
		},
		"Even without it, A would lead, 2 to 1.": {
			Out:   make([]guide.Condition, 1),
			Then:  guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("A", 2), option("B", 1)}},
			Eased: &guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("A", 5), option("B", 1)}}, Stays: true,
		},
		"Then B would lead, 5 to 3.": {
			Out:   make([]guide.Condition, 1),
			Then:  guide.Tally{Leader: "B", Scores: []guide.OptionScore{option("A", 0), option("B", 5)}},
			Eased: &guide.Tally{Leader: "B", Scores: []guide.OptionScore{option("A", 3), option("B", 5)}},
		},
		"Even then, A would lead, 3 to 0.": {
			Out:   make([]guide.Condition, 1),
			Then:  guide.Tally{Leader: guide.None},
			Eased: &guide.Tally{Leader: "A", Scores: []guide.OptionScore{option("A", 3), option("B", 0)}}, Stays: true,
		},
		"Without it, nothing would be ticked.": {Out: make([]guide.Condition, 1), Then: guide.Tally{Leader: guide.None}},
	} {
		if f.Then.Leader != guide.None {
			f.Then.Ticked = map[string]bool{"x": true}
		}
		if got := f.ThenWords(); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
