package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// pair is a round of the site and the one of the bare handler that followed it.
type pair struct{ site, bare sample }

// rounds holds the measurements of all rounds against one target.
type rounds struct {
	rate     []float64
	p50, p99 []time.Duration
	memory   []int
}

func (r *rounds) add(s sample) {
	r.rate, r.memory = append(r.rate, s.rate), append(r.memory, s.memory)
	r.p50, r.p99 = append(r.p50, s.p50), append(r.p99, s.p99)
}

// report prints the medians of the rounds, and how far the ratios spread.
func report(connections int, rows []pair) {
	var ratios, cpu []float64
	var site, bare rounds
	for _, r := range rows {
		ratios = append(ratios, r.site.rate/r.bare.rate)
		cpu = append(cpu, float64(r.site.cpu)/float64(r.bare.cpu))
		site.add(r.site)
		bare.add(r.bare)
	}
	fmt.Printf("%11d  %6.0f %7.0f  %s  %6s %6s  %6s %6s  %s  %d MB\n", connections,
		median(site.rate), median(bare.rate), spread(ratios), short(site.p50), short(bare.p50), short(site.p99), short(bare.p99),
		spread(cpu), median(site.memory)>>20)
}

func median[T cmp.Ordered](values []T) T {
	return slices.Sorted(slices.Values(values))[len(values)/2]
}

// spread returns the median of ratios with the least and the most: "0.85 (0.81-0.88)".
func spread(ratios []float64) string {
	return fmt.Sprintf("%.2f (%.2f-%.2f)", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

// short returns the median of times, rounded.
func short(times []time.Duration) string {
	return median(times).Round(10 * time.Microsecond).String()
}
