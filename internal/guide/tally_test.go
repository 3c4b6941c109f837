package guide_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tiebreak/internal/guide"
)

// rounds is how many random checklists each property is tried on.
const rounds = 2000

// checklist returns a random edition of 2 to 4 options, and some of its conditions ticked.
func checklist(random *rand.Rand) (*guide.Edition, []string) {
	e := &guide.Edition{Guide: guide.Guide{Conditions: map[string][]guide.Condition{}}}
	var ticks []string
	for i := range 2 + random.IntN(3) {
		o := guide.Option{Slug: fmt.Sprintf("o%d", i)}
		e.Options = append(e.Options, o)
		for j := range random.IntN(7) {
			c := guide.Condition{ID: fmt.Sprintf("c%d-%d", i, j), Weight: 1 + random.IntN(3)}
			e.Guide.Conditions[o.Slug] = append(e.Guide.Conditions[o.Slug], c)
			if random.IntN(2) == 0 {
				ticks = append(ticks, c.ID)
			}
		}
	}
	return e, ticks
}

// always tries a property on random checklists; the seed of a failure is printed with it.
func always(t *testing.T, holds func(e *guide.Edition, ticks []string, random *rand.Rand) string) {
	t.Helper()
	for seed := range uint64(rounds) {
		random := rand.New(rand.NewPCG(seed, 0))
		e, ticks := checklist(random)
		if wrong := holds(e, ticks, random); wrong != "" {
			t.Fatalf("seed %d, ticks %v: %s", seed, ticks, wrong)
		}
	}
}

func score(t guide.Tally, slug string) int {
	for _, s := range t.Scores {
		if s.Option.Slug == slug {
			return s.Score
		}
	}
	return -1
}

func ids(conditions []guide.Condition) []string {
	var all []string
	for _, c := range conditions {
		all = append(all, c.ID)
	}
	return all
}

func without(ticks []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(ticks), func(id string) bool { return slices.Contains(gone, id) })
}

func TestOrderAndRepetitionOfTicksNeverMatter(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks []string, random *rand.Rand) string {
		shuffled := append(slices.Clone(ticks), ticks...)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if !reflect.DeepEqual(e.Tally(ticks), e.Tally(shuffled)) {
			return "another tally in another order"
		}
		return ""
	})
}

func TestLeaderHasTheHighestScoreByItsMargin(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks []string, _ *rand.Rand) string {
		tally := e.Tally(ticks)
		var scores []int
		for _, s := range tally.Scores {
			scores = append(scores, s.Score)
		}
		slices.Sort(scores)
		best, second := scores[len(scores)-1], scores[len(scores)-2]
		switch {
		case len(ticks) == 0 && tally.Leader != guide.None:
			return "a leader of nothing"
		case len(ticks) > 0 && best == second && tally.Leader != guide.Even:
			return "level, but led by " + tally.Leader
		case best > second && (score(tally, tally.Leader) != best || tally.Margin != best-second):
			return fmt.Sprintf("led by %s with margin %d", tally.Leader, tally.Margin)
		}
		return ""
	})
}

func TestFollowingAFlipHintFlipsOrLevelsAsItSays(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks []string, _ *rand.Rand) string {
		before := e.Tally(ticks)
		for _, f := range before.Flips {
			open := without(ids(e.Guide.Conditions[f.Rival.Slug]), ticks...)
			all := e.Tally(append(slices.Clone(ticks), open...))
			if len(f.Adds) == 0 {
				if score(all, f.Rival.Slug) >= score(all, before.Leader) {
					return "something left would flip it to " + f.Rival.Slug
				}
				continue
			}
			after := e.Tally(append(slices.Clone(ticks), ids(f.Adds)...))
			lead := score(after, f.Rival.Slug) - score(after, before.Leader)
			if f.Levels != (lead == 0) || lead < 0 {
				return fmt.Sprintf("adding %v leaves %s at %+d", ids(f.Adds), f.Rival.Slug, lead)
			}
			fewer := e.Tally(append(slices.Clone(ticks), ids(f.Adds[:len(f.Adds)-1])...))
			if score(fewer, f.Rival.Slug) >= score(fewer, before.Leader) {
				return "fewer would do"
			}
		}
		return ""
	})
}

func TestRemovingWhatDecidesLevelsOrFlips(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks []string, _ *rand.Rand) string {
		before := e.Tally(ticks)
		if before.Margin == 0 {
			return ""
		}
		if len(before.Deciding) == 0 {
			return "nothing decides"
		}
		groups := [][]string{ids(before.Deciding)}
		if before.Alone {
			groups = nil
			for _, id := range ids(before.Deciding) {
				groups = append(groups, []string{id})
			}
		}
		for _, group := range groups {
			if after := e.Tally(without(ticks, group...)); after.Leader == before.Leader {
				return fmt.Sprintf("without %v it still leads", group)
			}
		}
		for _, c := range before.Scores {
			for _, reason := range c.Reasons {
				if c.Option.Slug == before.Leader && before.Alone != slices.Contains(ids(before.Deciding), reason.ID) &&
					e.Tally(without(ticks, reason.ID)).Leader != before.Leader {
					return reason.ID + " decides alone and is not named so"
				}
			}
		}
		return ""
	})
}

func TestUnknownTicksAreCountedApart(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 0))
	e, ticks := checklist(random)

	tally := e.Tally(append(slices.Clone(ticks), "no-such", "no-such", "neither"))
	if tally.Unknown != 2 || tally.Leader != e.Tally(ticks).Leader {
		t.Errorf("%d unknown, led by %s", tally.Unknown, tally.Leader)
	}
}

func TestFlipSaysOneConditionInTheSingularAndSeveralInThePlural(t *testing.T) {
	t.Parallel()

	rival, one := guide.Option{Name: "FastAPI"}, guide.Condition{ID: "one"}
	for want, flip := range map[string]guide.Flip{
		"FastAPI would lead if this also applied:":          {Rival: rival, Adds: []guide.Condition{one}},
		"FastAPI would tie if these also applied:":          {Rival: rival, Adds: []guide.Condition{one, one}, Levels: true},
		"Nothing else on FastAPI’s list would change this.": {Rival: rival},
	} {
		if got := flip.Words(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
