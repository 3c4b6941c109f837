package guide

// Footnotes numbers the sources of an edition in the order in which a reader meets them.
type Footnotes struct {
	List    []Source // List[n-1] is footnote n
	numbers map[string]int
}

// Footnotes walks the page from top to bottom.
func (e *Edition) Footnotes() *Footnotes {
	n := &Footnotes{numbers: map[string]int{}}
	for _, row := range e.Rows() {
		for _, v := range row.Values {
			n.add(v.Sources)
		}
	}
	for _, d := range e.Guide.Dimensions {
		n.add(d.Sources)
	}
	for _, q := range e.Guide.Questions {
		n.add(q.Sources)
	}
	return n
}

func (n *Footnotes) add(sources []Source) {
	for _, s := range sources {
		if n.numbers[s.URL] == 0 {
			n.List = append(n.List, s)
			n.numbers[s.URL] = len(n.List)
		}
	}
}

// Number is the source's footnote, from 1; 0 if the page does not cite it.
func (n *Footnotes) Number(s Source) int { return n.numbers[s.URL] }
