package insights

import (
	"fmt"
	"time"

	"tiebreak/internal/lead"
)

// Charts keep x in percent and y in pixels: they are as wide as their column, and their words stay as large as the page's.
const (
	plotHeight = 200 // px
	fewest     = 8   // periods that share the width, so that a single column does not fill the chart
)

// grid is what both charts of a timeline are drawn on.
type grid struct {
	lines []gridLine
	days  []gridDay
	slots int // periods that fit the width
}

type gridLine struct {
	y, words string
	base     bool
}

type gridDay struct {
	x     string
	words string
	wide  bool // only where there is room
}

// box is a part of a column: answered in time, late, or overdue.
type box struct{ kind, x, y, width, height string }

// keptChart draws a column a period: what was answered in time above the line, what was not below.
func keptChart(unit lead.Unit, periods []lead.Period) (g grid, boxes []box) {
	up, down := 0, 0
	for _, p := range periods {
		up, down = max(up, p.InTime), max(down, p.Late+p.Overdue)
	}
	step := stepOf(max(up, down))
	up = (up + step - 1) / step * step
	px := plotHeight / float64(up+down)
	base := float64(up) * px
	g = newGrid(unit, periods)
	for n := -(down / step * step); n <= up; n += step {
		g.lines = append(g.lines, gridLine{pixels(base - float64(n)*px), fmt.Sprint(max(n, -n)), n == 0})
	}
	for i, p := range periods {
		stack := func(kind string, y float64, n int) {
			if n > 0 {
				boxes = append(boxes, box{kind, g.at(float64(i) + .15), pixels(y), g.at(.7), pixels(float64(n) * px)})
			}
		}
		stack("good", base-float64(p.InTime)*px, p.InTime)
		stack("late", base, p.Late)
		stack("overdue", base+float64(p.Late)*px, p.Overdue)
	}
	return g, boxes
}

// firstReply is a period in the chart of first replies.
type firstReply struct{ x, median, ninth string }

// replyChart draws how long first replies took; promised is where the promise stands, "" beyond the scale.
func replyChart(unit lead.Unit, periods []lead.Period, promise time.Duration) (g grid, replies []firstReply, promised string) {
	most := 0
	for _, p := range periods {
		most = max(most, int(p.P90.Minutes()))
	}
	step := timeStep(most)
	top := (most/step + 1) * step
	y := func(d time.Duration) float64 { return plotHeight - d.Minutes()/float64(top)*plotHeight }
	g = newGrid(unit, periods)
	for m := 0; m <= top; m += step {
		d := time.Duration(m) * time.Minute
		g.lines = append(g.lines, gridLine{pixels(y(d)), axisTime(d, step), m == 0})
	}
	for i, p := range periods {
		if p.Answered() > 0 {
			replies = append(replies, firstReply{g.at(float64(i) + .5), pixels(y(p.Median)), pixels(y(p.P90))})
		}
	}
	if int(promise.Minutes()) <= top {
		promised = pixels(y(promise))
	}
	return g, replies, promised
}

func newGrid(unit lead.Unit, periods []lead.Period) grid {
	g := grid{slots: max(len(periods), fewest)}
	layout := "2 Jan"
	if unit == lead.Month {
		layout = "Jan ’06"
	}
	every := (g.slots + 7) / 8
	for i := 0; i < len(periods); i += every {
		g.days = append(g.days, gridDay{g.at(float64(i) + .5), periods[i].First.Format(layout), i/every%2 == 1})
	}
	return g
}

// at returns a place on the x axis, in periods from the left.
func (g grid) at(periods float64) string {
	return fmt.Sprintf("%.2f%%", periods/float64(g.slots)*100)
}

func pixels(n float64) string { return fmt.Sprintf("%.1f", n) }

// stepOf returns the distance of lines so that four or fewer reach most: 1, 2, 5, 10, 20…
func stepOf(most int) int {
	for power := 1; ; power *= 10 {
		for _, step := range []int{power, 2 * power, 5 * power} {
			if most <= 4*step {
				return step
			}
		}
	}
}

const dayMinutes = 24 * 60

// timeStep returns the same for minutes, in parts of a day that people count in, then in days.
func timeStep(most int) int {
	for _, step := range []int{5, 15, 30, 60, 120, 240, 360, 720} {
		if most <= 4*step {
			return step
		}
	}
	return dayMinutes * stepOf((most+dayMinutes-1)/dayMinutes)
}

func axisTime(d time.Duration, step int) string {
	switch {
	case step >= dayMinutes:
		return fmt.Sprintf("%d d", int(d.Hours())/24)
	case step >= 60:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}
