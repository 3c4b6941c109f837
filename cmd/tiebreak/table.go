package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tiebreak/internal/text"
)

// table is a list for people to read on a terminal. It leaves out control characters that strangers typed: see text.OneLine.
type table struct{ out *tabwriter.Writer }

// newTable returns a table with the names of its columns.
func newTable(w io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.row(columns...)
	return t
}

// row adds a row of at least two cells. The rows stay in memory until flush, so that adding one does not fail.
func (t table) row(cells ...string) {
	line := make([]string, len(cells))
	for i, cell := range cells {
		line[i] = text.OneLine(cell)
	}
	fmt.Fprintln(t.out, strings.Join(line, "\t"))
}

// flush aligns the columns and writes the table.
func (t table) flush() error { return t.out.Flush() }
