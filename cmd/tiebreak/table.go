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

// newTable begins a table with the names of its columns.
func newTable(w io.Writer, columns ...string) (table, error) {
	t := table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	return t, t.row(columns...)
}

// row adds a row, which waits for flush.
func (t table) row(cells ...string) error {
	line := make([]string, len(cells))
	for i, cell := range cells {
		line[i] = text.OneLine(cell)
	}
	_, err := fmt.Fprintln(t.out, strings.Join(line, "\t"))
	return err
}

// flush aligns the columns and writes all.
func (t table) flush() error { return t.out.Flush() }
