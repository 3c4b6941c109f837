package guide_test

import (
	"fmt"
	"strings"
	"testing"

	"tiebreak/internal/guide"
)

func TestAGuideWithoutGroupsAndExclusionsComesOutAsBefore(t *testing.T) {
	t.Parallel()
	e := &guide.Edition{
		Options: []guide.Option{{Slug: "a"}, {Slug: "b"}, {Slug: "c"}},
		Guide: guide.Guide{Conditions: map[string][]guide.Condition{
			"a": {{ID: "a1", Weight: 1}, {ID: "a2", Weight: 3}, {ID: "a3", Weight: 2}, {ID: "a4", Weight: 2}},
			"b": {{ID: "b1", Weight: 1}, {ID: "b2", Weight: 2}, {ID: "b3", Weight: 1}},
			"c": {{ID: "c1", Weight: 1}},
		}},
	}
	for ticks, want := range map[string]string{
		"":                        "none a=0 b=0 c=0",
		"a1":                      "a a=1 b=0 c=0, by 1, each of [a1], b with [b2], c with [c1] level",
		"a2":                      "a a=3 b=0 c=0, by 3, each of [a2], b with [b2 b1] level, c with []",
		"c1":                      "c a=0 b=0 c=1, by 1, each of [c1], a with [a2], b with [b2]",
		"a3 b2":                   "even a=2 b=2 c=0",
		"a1 b3 c1":                "even a=1 b=1 c=1",
		"a2 b2":                   "a a=3 b=2 c=0, by 1, each of [a2], b with [b1] level, c with []",
		"a3 a4 b2 b3":             "a a=4 b=3 c=0, by 1, each of [a3 a4], b with [b1] level, c with []",
		"a1 a2 a3 b2":             "a a=6 b=2 c=0, by 4, all of [a2 a3], b with [], c with []",
		"a1 a2 a3 a4 b1 b3":       "a a=8 b=2 c=0, by 6, all of [a2 a3 a4], b with [], c with []",
		"a2 a3 a4 b1":             "a a=7 b=1 c=0, by 6, all of [a2 a3 a4], b with [], c with []",
		"a1 b1 b2 b3 c1":          "b a=1 b=4 c=1, by 3, all of [b2 b1], a with [a2] level, c with []",
		"a1 a2 a3 a4 b1 b2 b3 c1": "a a=8 b=4 c=1, by 4, all of [a2 a3], b with [], c with []",
	} {
		if got := summary(e.Tally(guide.Ticks{Tick: strings.Fields(ticks)})); got != want {
			t.Errorf("%q: %s; want %s", ticks, got, want)
		}
	}
}

// summary returns the scores and, if one option leads, by how much, what decides that and what would flip it.
func summary(t guide.Tally) string {
	words := t.Leader
	for _, s := range t.Scores {
		words += fmt.Sprintf(" %s=%d", s.Option.Slug, s.Score)
	}
	if len(t.Deciding) > 0 {
		which := map[bool]string{true: "each", false: "all"}[t.Alone]
		words += fmt.Sprintf(", by %d, %s of %v", t.Margin, which, ids(t.Deciding))
	}
	for _, f := range t.Flips {
		words += fmt.Sprintf(", %s with %v", f.Rival.Slug, ids(f.Adds))
		if f.Levels {
			words += " level"
		}
	}
	return words
}
