package main

import (
	"fmt"
	"slices"
	"time"
)

// pair is a round of the site and the one of the bare handler that followed it.
type pair struct{ site, bare sample }

// report prints the medians of the rounds, and how far the ratios spread.
func report(connections int, rows []pair) {
	var ratios, cpu []float64
	for _, r := range rows {
		ratios = append(ratios, r.site.rate/r.bare.rate)
		cpu = append(cpu, float64(r.site.cpu)/float64(r.bare.cpu))
	}
	site := func(of func(sample) float64) float64 { return median(rows, func(p pair) float64 { return of(p.site) }) }
	bare := func(of func(sample) float64) float64 { return median(rows, func(p pair) float64 { return of(p.bare) }) }
	rate := func(s sample) float64 { return s.rate }
	p50 := func(s sample) float64 { return float64(s.p50) }
	p99 := func(s sample) float64 { return float64(s.p99) }

	fmt.Printf("%11d  %6.0f %7.0f  %s  %6s %6s  %6s %6s  %s  %d MB\n", connections,
		site(rate), bare(rate), spread(ratios), short(site(p50)), short(bare(p50)), short(site(p99)), short(bare(p99)),
		spread(cpu), int(site(func(s sample) float64 { return float64(s.memory) }))>>20)
}

func median(rows []pair, of func(pair) float64) float64 {
	var values []float64
	for _, r := range rows {
		values = append(values, of(r))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// spread is the median of ratios with the least and the most: "0.85 (0.81-0.88)".
func spread(ratios []float64) string {
	sorted := slices.Sorted(slices.Values(ratios))
	return fmt.Sprintf("%.2f (%.2f-%.2f)", sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1])
}

func short(nanoseconds float64) string {
	return time.Duration(nanoseconds).Round(10 * time.Microsecond).String()
}
