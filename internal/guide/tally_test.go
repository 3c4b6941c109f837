package guide_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiebreak/internal/guide"
)

// rounds is how many random checklists each property is tried on.
const rounds = 400

// plainChecklist returns a random edition of 2 to 4 options without anything that rules an option out, and some ticks.
func plainChecklist(random *rand.Rand) (*guide.Edition, guide.Ticks) {
	e := &guide.Edition{Guide: guide.Guide{Conditions: map[string][]guide.Condition{}}}
	var ticks guide.Ticks
	for i := range 2 + random.IntN(3) {
		o := guide.Option{Slug: fmt.Sprintf("o%d", i)}
		e.Options = append(e.Options, o)
		for j := range random.IntN(7) {
			c := guide.Condition{ID: fmt.Sprintf("c%d-%d", i, j), Weight: 1 + random.IntN(3)}
			e.Guide.Conditions[o.Slug] = append(e.Guide.Conditions[o.Slug], c)
			if random.IntN(2) == 0 {
				ticks.Tick = append(ticks.Tick, c.ID)
			}
		}
	}
	return e, ticks
}

// checklist returns a random edition with groups and reasons that rule options out, and ticks with must-haves and own weights.
func checklist(random *rand.Rand) (*guide.Edition, guide.Ticks) {
	e, ticks := plainChecklist(random)
	if random.IntN(2) == 0 {
		e.Guide.Both = guide.Together{When: "two programs.", Text: "They share nothing."}
	}
	for i, o := range e.Options {
		for j, c := range e.Guide.Conditions[o.Slug] {
			if random.IntN(3) == 0 {
				c.Group = fmt.Sprintf("g%d-%d", i, random.IntN(2))
			}
			if other := e.Options[random.IntN(len(e.Options))]; random.IntN(8) == 0 && other.Slug != o.Slug {
				c.RulesOut = []string{other.Slug}
			}
			e.Guide.Conditions[o.Slug][j] = c
			if random.IntN(4) == 0 {
				ticks.Weight = append(ticks.Weight, fmt.Sprintf("%s:%d", c.ID, 1+random.IntN(3)))
			}
			if random.IntN(20) == 0 {
				ticks.Must = append(ticks.Must, c.ID)
			}
		}
	}
	return e, ticks
}

// always tries a property on random checklists. The seed of a failure is printed with it; TIEBREAK_SEED makes it the first.
func always(t *testing.T, holds func(e *guide.Edition, ticks guide.Ticks, random *rand.Rand) string) {
	t.Helper()
	first := rand.Uint64()
	if given := os.Getenv("TIEBREAK_SEED"); given != "" {
		var err error
		if first, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	for i := range uint64(rounds) {
		random := rand.New(rand.NewPCG(first+i, 0))
		e, ticks := checklist(random)
		if wrong := holds(e, ticks, random); wrong != "" {
			t.Fatalf("TIEBREAK_SEED=%d, ticks %v: %s\n%+v", first+i, ticks, wrong, e.Guide.Conditions)
		}
	}
}

func scoreOf(t guide.Tally, slug string) guide.OptionScore {
	for _, s := range t.Scores {
		if s.Option.Slug == slug {
			return s
		}
	}
	return guide.OptionScore{Score: -1}
}

func ids(conditions []guide.Condition) []string {
	var all []string
	for _, c := range conditions {
		all = append(all, c.ID)
	}
	return all
}

// without returns the ticks less some ids.
func without(ticks guide.Ticks, gone ...string) guide.Ticks {
	left := func(ids []string) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(gone, id) })
	}
	return guide.Ticks{Tick: left(ticks.Tick), Must: left(ticks.Must), Weight: ticks.Weight}
}

// with returns the ticks and some more.
func with(ticks guide.Ticks, more ...string) guide.Ticks {
	ticks.Tick = slices.Concat(ticks.Tick, more)
	return ticks
}

func TestOrderAndRepetitionOfTicksNeverMatter(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, random *rand.Rand) string {
		shuffled := func(ids []string) []string {
			ids = slices.Concat(ids, ids)
			random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
			return ids
		}
		again := guide.Ticks{Tick: shuffled(ticks.Tick), Must: shuffled(ticks.Must), Weight: shuffled(ticks.Weight)}
		if !reflect.DeepEqual(e.Tally(ticks), e.Tally(again)) {
			return "another tally in another order"
		}
		if shown, _ := e.Known(ticks); !reflect.DeepEqual(e.Tally(ticks), e.Tally(shown)) {
			return fmt.Sprintf("%v is another tally", shown)
		}
		return ""
	})
}

func TestLeaderIsTheBestOfTheOptionsThatAreLeft(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		tally := e.Tally(ticks)
		var left []guide.OptionScore
		musts := 0
		for _, s := range tally.Scores {
			if len(s.Out) == 0 {
				left = append(left, s)
			}
			if slices.ContainsFunc(s.Reasons, func(c guide.Condition) bool { return tally.Must[c.ID] }) {
				musts++
			}
		}
		slices.SortStableFunc(left, func(a, b guide.OptionScore) int { return b.Score - a.Score })
		want, margin := guide.None, 0
		switch {
		case len(tally.Ticked) == 0:
		case len(left) == 0 && musts > 1 && e.Guide.Both.Text != "":
			want = guide.Both
		case len(left) == 0:
		case len(left) == 1:
			want = left[0].Option.Slug
		case left[0].Score == left[1].Score:
			want = guide.Even
		default:
			want, margin = left[0].Option.Slug, left[0].Score-left[1].Score
		}
		if tally.Leader != want || tally.Margin != margin {
			return fmt.Sprintf("led by %s with margin %d, not by %s with %d", tally.Leader, tally.Margin, want, margin)
		}
		return ""
	})
}

func TestAnOptionThatIsOutNeverLeads(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		tally := e.Tally(ticks)
		for _, s := range tally.Scores {
			for _, c := range s.Reasons {
				for _, out := range e.Options {
					barred := slices.Contains(c.RulesOut, out.Slug) || tally.Must[c.ID] && out.Slug != s.Option.Slug
					if barred && (tally.Leader == out.Slug || !slices.Contains(ids(scoreOf(tally, out.Slug).Out), c.ID)) {
						return fmt.Sprintf("%s rules out %s, and %s leads", c.ID, out.Slug, tally.Leader)
					}
				}
			}
			if slices.Contains(tally.Level(), s.Option.Slug) && len(s.Out) > 0 {
				return s.Option.Slug + " is out and level"
			}
		}
		return ""
	})
}

func TestEachOptionThatIsOutIsListedOnceUnlessItIsUsedWithOthers(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		tally := e.Tally(ticks)
		listed := map[string][]guide.Condition{}
		for _, x := range tally.Exclusions() {
			for _, o := range x.Options {
				if listed[o.Slug] != nil {
					return o.Slug + " is listed twice"
				}
				listed[o.Slug] = x.By
			}
		}
		for _, s := range tally.Scores {
			want := ids(s.Out)
			if tally.UsedTogether(s.Option) {
				want = nil
			}
			if by := ids(listed[s.Option.Slug]); !slices.Equal(by, want) {
				return fmt.Sprintf("%v rules out %s, not %v", want, s.Option.Slug, by)
			}
		}
		return ""
	})
}

func TestAMustHaveNeverHelpsARival(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, random *rand.Rand) string {
		before := e.Tally(ticks)
		for _, o := range e.Options {
			for _, c := range e.Guide.Conditions[o.Slug] {
				more := ticks
				more.Must = append(slices.Clone(ticks.Must), c.ID)
				after := e.Tally(more)
				for _, rival := range e.Options {
					if rival.Slug == o.Slug {
						continue
					}
					s := scoreOf(after, rival.Slug)
					if len(s.Out) == 0 || s.Score != scoreOf(before, rival.Slug).Score || after.Leader == rival.Slug ||
						after.Leader == guide.Even {
						return fmt.Sprintf("%s leaves %s with %d, led by %s", c.ID, rival.Slug, s.Score, after.Leader)
					}
				}
			}
		}
		return ""
	})
}

func TestAGroupCountsOnce(t *testing.T) {
	t.Parallel()
	always(t, func(e *guide.Edition, ticks guide.Ticks, _ *rand.Rand) string {
		tally := e.Tally(ticks)
		for _, s := range tally.Scores {
			heaviest := map[string]int{}
			want := 0
			for _, c := range s.Reasons {
				if c.Group == "" {
					want += c.Weight
				}
				heaviest[c.Group] = max(heaviest[c.Group], c.Weight)
			}
			for group, weight := range heaviest {
				if group != "" {
					want += weight
				}
			}
			if s.Score != want {
				return fmt.Sprintf("%s scores %d instead of %d", s.Option.Slug, s.Score, want)
			}
		}
		return ""
	})
}

// sample is a checklist of three options in which c rules out a, and a has a group.
func sample() *guide.Edition {
	return &guide.Edition{
		Options: []guide.Option{{Slug: "a", Name: "A"}, {Slug: "b", Name: "B"}, {Slug: "c", Name: "C"}},
		Guide: guide.Guide{
			Options: []string{"a", "b", "c"}, Both: guide.Together{When: "w", Text: "t"},
			Conditions: map[string][]guide.Condition{
				"a": {{ID: "a1", Weight: 3, Group: "g"}, {ID: "a2", Weight: 2, Group: "g"}, {ID: "a3", Weight: 1}},
				"b": {{ID: "b1", Weight: 2}, {ID: "b2", Weight: 1}},
				"c": {{ID: "c1", Weight: 1, RulesOut: []string{"a"}}},
			},
		},
	}
}

func TestOutcomesOfAChecklist(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		about   string
		ticks   guide.Ticks
		leader  string
		scores  [3]int
		out     string
		unknown int
	}{
		{"nothing", guide.Ticks{}, guide.None, [3]int{}, "", 0},
		{"empty values", guide.Ticks{Tick: []string{""}, Must: []string{""}, Weight: []string{""}}, guide.None, [3]int{}, "", 0},
		{"a group", guide.Ticks{Tick: []string{"a1", "a2", "a3"}}, "a", [3]int{4}, "", 0},
		{"a level score", guide.Ticks{Tick: []string{"a2", "b1"}}, guide.Even, [3]int{2, 2}, "", 0},
		{"one that rules out", guide.Ticks{Tick: []string{"a1", "a3", "b1", "c1"}}, "b", [3]int{4, 2, 1}, "a", 0},
		{"level below one that is out", guide.Ticks{Tick: []string{"a1", "b2", "c1"}}, guide.Even, [3]int{3, 1, 1}, "a", 0},
		{"a must-have", guide.Ticks{Tick: []string{"b1"}, Must: []string{"a3"}}, "a", [3]int{1, 2}, "b c", 0},
		{"must-haves of two", guide.Ticks{Must: []string{"a3", "b2"}}, guide.Both, [3]int{1, 1}, "a b c", 0},
		{"all out", guide.Ticks{Tick: []string{"c1"}, Must: []string{"a3"}}, guide.None, [3]int{1, 0, 1}, "a b c", 0},
		{"own weights", guide.Ticks{Tick: []string{"a3", "b1"}, Weight: []string{"a3:3", "b2:3"}}, "a", [3]int{3, 2}, "", 0},
		{"the last weight", guide.Ticks{Tick: []string{"a3"}, Weight: []string{"a3:3", "a3:2", "a3:9"}}, "a", [3]int{2}, "", 1},
		{"a group by own weights", guide.Ticks{Tick: []string{"a1", "a2"}, Weight: []string{"a1:1"}}, "a", [3]int{2}, "", 0},
		{"a weight alone", guide.Ticks{Weight: []string{"a3:3"}}, guide.None, [3]int{}, "", 0},
		{
			"what is gone",
			guide.Ticks{
				Tick: []string{"a3", "x", "x"}, Must: []string{"x", "y"},
				Weight: []string{"z:1", "a3", ":2", "a3:0", "a3:11"},
			},
			"a",
			[3]int{1},
			"", 7,
		},
	} {
		tally := sample().Tally(c.ticks)
		var scores [3]int
		for i, s := range tally.Scores {
			scores[i] = s.Score
		}
		out := strings.Join(tally.Out(), " ")
		if tally.Leader != c.leader || scores != c.scores || out != c.out || tally.Unknown != c.unknown {
			t.Errorf("%s: led by %s with %v, out %q, %d unknown", c.about, tally.Leader, scores, out, tally.Unknown)
		}
	}
}

func TestLevelOptionsAreRecommendedInTheGuidesOrder(t *testing.T) {
	t.Parallel()
	e := sample()
	e.Guide.Level.Take = guide.Order{"a", "c", "b"}
	if o, ok := e.Advice(e.Tally(guide.Ticks{Tick: []string{"a1", "b2", "c1"}})); !ok || o.Slug != "c" {
		t.Errorf("it recommends %q (%v)", o.Slug, ok)
	}
	e.Guide.Level.Take = guide.Order{"a"}
	if o, ok := e.Advice(e.Tally(guide.Ticks{Tick: []string{"a1", "b2", "c1"}})); ok {
		t.Errorf("it recommends %q, which is out", o.Slug)
	}
}
