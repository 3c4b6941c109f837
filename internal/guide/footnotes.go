package guide

import (
	"strconv"
)

// Footnotes numbers the sources of an edition in the order in which a reader meets them.
type Footnotes struct {
	List    []Source // List[n-1] is footnote n
	numbers map[page]int
}

// page is what was read: two copies of one address are two footnotes.
type page struct {
	url  string
	copy Date
}

// Footnotes returns the footnotes of the page, which it walks from top to bottom.
func (e *Edition) Footnotes() *Footnotes {
	n := &Footnotes{numbers: map[page]int{}}
	g := e.Guide
	n.addCited(g.Intro, g.Sources)
	for _, row := range e.Rows() {
		for _, v := range row.Values {
			n.add(v.Sources)
		}
	}
	for _, d := range g.Dimensions {
		for _, o := range g.Options {
			n.addCited(d.Text[o], d.Sources)
		}
		n.addCited(d.Means, d.Sources)
		n.add(d.Sources)
	}
	n.addCited(g.Verdict.Text, g.Sources)
	for _, q := range g.Questions {
		n.addCited(q.Answer, q.Sources)
		n.add(q.Sources)
	}
	n.add(g.Sources)
	return n
}

func (n *Footnotes) addCited(text string, sources []Source) {
	for _, found := range NotesIn(text) {
		if s, ok := Cited(found.Note, sources); ok {
			n.add([]Source{s})
		}
	}
}

func (n *Footnotes) add(sources []Source) {
	for _, s := range sources {
		if read := (page{s.URL, s.Copy}); n.numbers[read] == 0 {
			n.List = append(n.List, s)
			n.numbers[read] = len(n.List)
		}
	}
}

// Number returns the source's footnote, from 1; 0 if the page does not cite it.
func (n *Footnotes) Number(s Source) int { return n.numbers[page{s.URL, s.Copy}] }

// OldestCopy returns the day of the oldest stored copy that was read in place of a live page; zero if no copy was read.
func (n *Footnotes) OldestCopy() Date {
	var oldest Date
	for _, s := range n.List {
		if !s.Copy.IsZero() && (oldest.IsZero() || s.Copy.Before(oldest)) {
			oldest = s.Copy
		}
	}
	return oldest
}

// Cited returns the source that [^index] means in a text with these sources, counted from 1, and whether there is one.
func Cited(index string, sources []Source) (Source, bool) {
	i, err := strconv.Atoi(index)
	if err != nil || i < 1 || i > len(sources) {
		return Source{}, false
	}
	return sources[i-1], true
}
