package guide_test

import (
	"cmp"
	"slices"

	"tiebreak/internal/guide"
)

// before is the tally as it was before conditions could rule options out, share a group or be must-haves. It is kept to show
// that guides without these come out as they did.
type before struct {
	Scores   []int
	Leader   string
	Margin   int
	Deciding []string
	Alone    bool
	Flips    []flipBefore
}

type flipBefore struct {
	Rival  string
	Adds   []string
	Levels bool
}

func tallyBefore(e *guide.Edition, ticks []string) before {
	t := before{Leader: guide.None}
	best, second, leader := 0, 0, -1
	reasons := make([][]guide.Condition, len(e.Options))
	for i, o := range e.Options {
		score := 0
		for _, c := range e.Guide.Conditions[o.Slug] {
			if slices.Contains(ticks, c.ID) {
				reasons[i] = append(reasons[i], c)
				score += c.Weight
			}
		}
		if score > best {
			best, second, leader, t.Leader = score, best, i, o.Slug
		} else {
			second = max(second, score)
		}
		t.Scores = append(t.Scores, score)
	}
	switch {
	case best == 0:
		return t
	case best == second:
		t.Leader = guide.Even
		return t
	}
	t.Margin = best - second
	for _, c := range reasons[leader] {
		if c.Weight >= t.Margin {
			t.Deciding = append(t.Deciding, c.ID)
		}
	}
	if t.Alone = len(t.Deciding) > 0; !t.Alone {
		taken, _ := heaviestBefore(reasons[leader], t.Margin)
		t.Deciding = ids(taken)
	}
	for i, o := range e.Options {
		if i == leader {
			continue
		}
		open := slices.DeleteFunc(slices.Clone(e.Guide.Conditions[o.Slug]),
			func(c guide.Condition) bool { return slices.Contains(ticks, c.ID) })
		taken, weight := heaviestBefore(open, best-t.Scores[i])
		t.Flips = append(t.Flips, flipBefore{o.Slug, ids(taken), weight == best-t.Scores[i]})
	}
	return t
}

func heaviestBefore(from []guide.Condition, gap int) (taken []guide.Condition, weight int) {
	from = slices.SortedFunc(slices.Values(from), func(a, b guide.Condition) int {
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

// asBefore returns a tally as it was.
func asBefore(now guide.Tally) before {
	t := before{Leader: now.Leader, Margin: now.Margin, Deciding: ids(now.Deciding), Alone: now.Alone}
	for _, s := range now.Scores {
		t.Scores = append(t.Scores, s.Score)
	}
	for _, f := range now.Flips {
		t.Flips = append(t.Flips, flipBefore{f.Rival.Slug, ids(f.Adds), f.Levels})
	}
	return t
}
