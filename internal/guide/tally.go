package guide

// Tally is what ticking conditions yields.
type Tally struct {
	Ticked map[string]bool // ids that the edition knows
	Scores []OptionScore   // in the page's order
	Leader string          // an option's slug, Even, or None when nothing is ticked
}

// OptionScore is the sum of the weights of an option's ticked conditions.
type OptionScore struct {
	Option Option
	Score  int
}

// None is the leader while nothing is ticked.
const None = "none"

// Tally counts the ticked conditions. Their order does not matter, a repeated id counts once, an unknown one not at all.
func (e *Edition) Tally(ticks []string) Tally {
	t := Tally{Ticked: map[string]bool{}, Leader: None}
	for _, id := range ticks {
		if _, _, known := e.Condition(id); known {
			t.Ticked[id] = true
		}
	}
	best := 0
	for _, o := range e.Options {
		s := OptionScore{Option: o}
		for _, c := range e.Guide.Conditions[o.Slug] {
			if t.Ticked[c.ID] {
				s.Score += c.Weight
			}
		}
		switch {
		case s.Score > best:
			best, t.Leader = s.Score, o.Slug
		case s.Score == best && best > 0:
			t.Leader = Even
		}
		t.Scores = append(t.Scores, s)
	}
	return t
}
