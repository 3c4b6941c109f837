package guide

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Ticks is what a reader says of the conditions, as an address or a form carries it.
type Ticks struct {
	Tick   []string // ids of conditions that apply
	Must   []string // ids of those that the project must have; they apply too
	Weight []string // the reader's own weights, as "ID:N"
}

// FormMark is a field that the checklist's own form sends, without a value. It tells a reason that was unticked there from a link
// that says "must" alone: both carry the must-have without its tick.
const FormMark = "checklist"

// TicksIn returns the ticks that an address or a form carries. In the checklist's own form a must-have counts only with its tick.
func TicksIn(v url.Values) Ticks {
	t := Ticks{Tick: v["tick"], Must: v["must"], Weight: v["weight"]}
	if v.Has(FormMark) {
		t.Must = slices.DeleteFunc(slices.Clone(t.Must), func(id string) bool { return !slices.Contains(t.Tick, id) })
	}
	return t
}

// Filled returns the ticks without empty values, which say nothing.
func (t Ticks) Filled() Ticks {
	filled := func(values []string) []string {
		return slices.DeleteFunc(slices.Clone(values), func(value string) bool { return value == "" })
	}
	return Ticks{Tick: filled(t.Tick), Must: filled(t.Must), Weight: filled(t.Weight)}
}

// Empty reports whether nothing was given, not even an empty value.
func (t Ticks) Empty() bool { return len(t.Tick)+len(t.Must)+len(t.Weight) == 0 }

// Values returns the ticks as an address or a form carries them.
func (t Ticks) Values() url.Values {
	v := url.Values{}
	for name, values := range map[string][]string{"tick": t.Tick, "must": t.Must, "weight": t.Weight} {
		if len(values) > 0 {
			v[name] = values
		}
	}
	return v
}

// Known returns what the edition has conditions for, in the page's order and each once, and how many others there are.
func (e *Edition) Known(ticks Ticks) (known Ticks, unknown int) {
	t := e.read(ticks)
	for _, r := range e.reasons() {
		if t.Ticked[r.ID] {
			known.Tick = append(known.Tick, r.ID)
		}
		if t.Must[r.ID] {
			known.Must = append(known.Must, r.ID)
		}
		if own, set := t.Weights[r.ID]; set {
			known.Weight = append(known.Weight, fmt.Sprintf("%s:%d", r.ID, own))
		}
	}
	return known, t.Unknown
}

// read sorts out what the edition has conditions for. Of two weights for one condition the last counts.
func (e *Edition) read(ticks Ticks) Tally {
	t := Tally{Ticked: map[string]bool{}, Must: map[string]bool{}, Weights: map[string]int{}}
	known, unknown := map[string]bool{}, map[string]bool{}
	for _, r := range e.reasons() {
		known[r.ID] = true
	}
	for _, id := range slices.Concat(ticks.Tick, ticks.Must) {
		if known[id] {
			t.Ticked[id] = true
		} else if id != "" {
			unknown[id] = true
		}
	}
	for _, id := range ticks.Must {
		if known[id] {
			t.Must[id] = true
		}
	}
	for _, value := range ticks.Weight {
		id, n, _ := strings.Cut(value, ":")
		switch {
		case value == "":
		case id != "" && !known[id]:
			unknown[id] = true
		case id == "" || len(n) != 1 || n < "1" || n > "3":
			unknown[value] = true
		default:
			t.Weights[id] = int(n[0] - '0')
		}
	}
	t.Unknown = len(unknown)
	return t
}
