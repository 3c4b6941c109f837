// Package demo makes sample options and guides in any number and loads them: plainly sample data, in the shape and size
// of real guides, to see and measure the site when it is full.
package demo

import (
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"time"

	"tiebreak/internal/guide"
)

// Most is how many guides a number of options is enough for: one for each pair and each triple.
func Most(options int) int {
	pairs := options * (options - 1) / 2
	return pairs + pairs*(options-2)/3
}

// Set is a number of sample options and the guides that compare them. What an option or a guide says follows from its
// own slug and the day alone, so two sets of one day agree on whatever both hold.
type Set struct {
	Options []guide.Option
}

// New makes the options of a set, at most MaxOptions; their facts were checked in the year up to day.
func New(options int, day time.Time) *Set {
	s := &Set{Options: make([]guide.Option, options)}
	for i := range s.Options {
		s.Options[i] = option(i, day)
	}
	return s
}

// Guides makes up to Most guides, one by one as they are asked for.
func (s *Set) Guides(n int) iter.Seq[guide.Guide] {
	return func(yield func(guide.Guide) bool) {
		for pick := range picks(len(s.Options), n) {
			compared := make([]guide.Option, len(pick))
			for i, p := range pick {
				compared[i] = s.Options[p]
			}
			if !yield(write(compared, shelfOf(pick[0]))) {
				return
			}
		}
	}
}

// picks yields which options each guide compares, by number. Where a set has no more of the size that is due, it goes
// on with pairs, then with triples.
func picks(options, guides int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		var next [guide.MaxOptions + 1]func() ([]int, bool) // by size
		for size := 2; size <= guide.MaxOptions; size++ {
			pull, stop := iter.Pull(combinations(options, size))
			defer stop()
			next[size] = pull
		}
		for i := range guides {
			for _, size := range []int{sizeOf(i), 2, 3} {
				if pick, more := next[size](); more {
					if !yield(pick) {
						return
					}
					break
				}
			}
		}
	}
}

// sizeOf is how many options guide i is meant to compare: two mostly, three in every tenth, four in every fiftieth.
func sizeOf(i int) int {
	switch {
	case i%50 == 49:
		return 4
	case i%10 == 9:
		return 3
	}
	return 2
}

// combinations yields every way to pick size of the options, once. Options of one shelf come together first, and no
// option comes much more often than another.
func combinations(options, size int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		shapes([]int{0}, size, options, func(shape []int) bool {
			for first := 0; first+shape[size-1] < options; first++ {
				pick := make([]int, size)
				for i, offset := range shape {
					pick[i] = first + offset
				}
				if !yield(pick) {
					return false
				}
			}
			return true
		})
	}
}

// shapes yields the picks that begin with option 0: all others are such a pick, moved. It reports whether to go on.
func shapes(shape []int, size, options int, yield func([]int) bool) bool {
	if len(shape) == size {
		return yield(shape)
	}
	last := shape[len(shape)-1]
	for _, sameShelf := range []bool{true, false} {
		for gap := 1; last+gap < options; gap++ {
			longer := append(shape[:len(shape):len(shape)], last+gap)
			if (gap%len(shelves) == 0) == sameShelf && !shapes(longer, size, options, yield) {
				return false
			}
		}
	}
	return true
}

// chance is the source of everything that is left to chance in the option or guide with the slug: always the same.
func chance(slug string) *rand.Rand {
	const seed = 20_261_122
	hash := fnv.New64a()
	hash.Write([]byte(slug))
	return rand.New(rand.NewPCG(seed, hash.Sum64()))
}

// between is a number from low to high.
func between(r *rand.Rand, low, high int) int { return low + r.IntN(high-low+1) }

// one is any of the list.
func one[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// some are n of the list, in any order.
func some[T any](r *rand.Rand, list []T, n int) []T {
	picked := make([]T, n)
	for i, p := range r.Perm(len(list))[:n] {
		picked[i] = list[p]
	}
	return picked
}
