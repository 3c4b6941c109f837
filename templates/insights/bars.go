package insights

import (
	"fmt"

	"tiebreak/internal/lead"
)

// bar is a row of a bar chart: its words, and a part for each option, or a single one.
type bar struct {
	words string
	leads int
	width float64 // percent
	parts []barPart
}

type barPart struct {
	class    string // of an option; "" for none
	hollow   bool   // leans to none
	x, width string
	marked   bool // wide enough for a mark
}

// Bars are this high, with their words above, in px.
const (
	barRow    = 42
	maxBars   = 10
	barsWidth = 86 // percent: the rest is for the number
	markFrom  = 6  // percent
)

// end returns where a bar's number stands.
func (b bar) end() string { return fmt.Sprintf("%.2f%%", b.width) }

// guideBars draw the guides with most leads, each cut by option.
func guideBars(guides []lead.GuideLeads) (bars []bar) {
	share := func(leads int) float64 { return barsWidth * float64(leads) / float64(guides[0].Leads) }
	for _, g := range guides[:min(len(guides), maxBars)] {
		if g.Leads == 0 { // it was only read
			continue
		}
		b := bar{words: guideTitle(g.Guide, g.Title), leads: g.Leads, width: share(g.Leads)}
		from := 0
		for _, o := range g.Options {
			b.parts = append(b.parts, barPart{
				class: optionClass(o.Position), hollow: o.Option == lead.Undecided,
				x: fmt.Sprintf("%.2f%%", share(from)), width: fmt.Sprintf("%.2f%%", share(o.Leads)),
				marked: share(o.Leads) >= markFrom,
			})
			from += o.Leads
		}
		bars = append(bars, b)
	}
	return bars
}

// tickBars draw the conditions that were ticked most.
func tickBars(ticks []lead.TickLeads) (bars []bar) {
	for _, t := range ticks[:min(len(ticks), maxBars)] {
		bars = append(bars, single(t.Text, optionClass(t.Position), t.Leads, ticks[0].Leads))
	}
	return bars
}

// causeBars draw why leads were set aside.
func causeBars(s lead.SuspectLeads) (bars []bar) {
	for _, c := range s.Causes {
		bars = append(bars, single(causeName(c.Cause), "", c.Leads, s.Leads))
	}
	if s.ByMember > 0 {
		bars = append(bars, single(byMember, "", s.ByMember, s.Leads))
	}
	return bars
}

func single(words, class string, leads, most int) bar {
	width := barsWidth * float64(leads) / float64(most)
	return bar{words, leads, width, []barPart{{
		class: class, x: "0%", width: fmt.Sprintf("%.2f%%", width),
		marked: width >= markFrom,
	}}}
}
