package guide

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Footnotes numbers the sources of an edition in the order in which a reader meets them.
type Footnotes struct {
	List    []Footnote // List[n-1] is footnote n
	numbers map[page]int
}

// Footnote is a source with the places of the page that cite it.
type Footnote struct {
	Source
	Read   Date    // the last day on which a fact was checked against it; zero if only prose cites it
	Places []Place // in the order of the page
}

// Place is a part of a guide's page.
type Place struct {
	Anchor string // its id on the page
	Words  string
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
	n.addCited(g.Verdict.Text, g.Sources, Place{"verdict", "Verdict"})
	n.addCited(g.Intro, g.Sources, Place{"summary", "Summary"})
	for _, row := range e.Rows() {
		for _, v := range row.Values {
			n.add(v.Sources, v.Checked, Place{row.Anchor(), fmt.Sprintf("Row\u00a0%d", row.Number)})
		}
	}
	for _, d := range g.Dimensions {
		here := Place{"d-" + d.ID, d.Title}
		for _, o := range g.Options {
			n.addCited(d.Text[o], d.Sources, here)
		}
		n.addCited(d.Means, d.Sources, here)
		n.add(d.Sources, Date{}, here)
	}
	for _, q := range g.Questions {
		here := Place{"q-" + q.ID, "Questions"}
		n.addCited(q.Answer, q.Sources, here)
		n.add(q.Sources, Date{}, here)
	}
	n.add(g.Sources, Date{}, Place{"summary", "Summary"})
	return n
}

func (n *Footnotes) addCited(text string, sources []Source, from Place) {
	for _, found := range NotesIn(text) {
		if s, ok := Cited(found.Note, sources); ok {
			n.add([]Source{s}, Date{}, from)
		}
	}
}

func (n *Footnotes) add(sources []Source, checked Date, from Place) {
	for _, s := range sources {
		read := page{s.URL, s.Copy}
		if n.numbers[read] == 0 {
			n.List = append(n.List, Footnote{Source: s})
			n.numbers[read] = len(n.List)
		}
		note := &n.List[n.numbers[read]-1]
		if note.Read.Before(checked) {
			note.Read = checked
		}
		if !slices.Contains(note.Places, from) {
			note.Places = append(note.Places, from)
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

// NumberSources returns the footnotes of a text that stands by itself: each source has the number by which the text cites it.
func NumberSources(sources []Source) *Footnotes {
	n := &Footnotes{numbers: map[page]int{}}
	for i, s := range sources {
		n.List = append(n.List, Footnote{Source: s})
		if read := (page{s.URL, s.Copy}); n.numbers[read] == 0 {
			n.numbers[read] = i + 1
		}
	}
	return n
}

// RenumberNotes returns the text with other numbers for its footnotes: [^n] becomes [^to[n]], and stays if to lacks n.
func RenumberNotes(text string, to map[int]int) string {
	for _, n := range slices.Backward(NotesIn(text)) {
		number, _ := strconv.Atoi(n.Note)
		if now, known := to[number]; known && now != number {
			text = text[:n.place.Start] + fmt.Sprintf("[^%d]", now) + text[n.place.Stop:]
		}
	}
	return text
}

// NotesOf returns the numbers of the footnotes that the rows cite, in order.
func NotesOf(evidence []Evidence, notes *Footnotes) []int {
	cited := map[int]bool{}
	for _, row := range evidence {
		for _, v := range row.Values {
			for _, s := range v.Sources {
				cited[notes.Number(s)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(cited))
}
