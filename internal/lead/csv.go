package lead

import (
	"encoding/csv"
	"io"
	"strings"
)

// Table writes rows as CSV (RFC 4180, UTF-8), as they come: it keeps one at a time. A cell that a spreadsheet would take
// for a formula gets a leading apostrophe (OWASP, "CSV Injection"); numbers of our own have no sign and stay numbers.
type Table struct{ csv *csv.Writer }

// NewTable begins a table with the names of its columns.
func NewTable(w io.Writer, header ...string) (*Table, error) {
	t := &Table{csv.NewWriter(w)}
	t.csv.UseCRLF = true
	return t, t.Row(header...)
}

// Row adds a row. It may wait in a buffer until Flush.
func (t *Table) Row(cells ...string) error {
	row := make([]string, len(cells))
	for i, cell := range cells {
		row[i] = harmless(cell)
	}
	return t.csv.Write(row)
}

// Flush writes what waits.
func (t *Table) Flush() error {
	t.csv.Flush()
	return t.csv.Error()
}

// formulaStarts begin what a spreadsheet computes, also in the full width that East Asian keyboards type.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// OneBreak ends lines by LF alone. Inside of a cell the writer makes CRLF of it, where it would drop a lone CR.
var OneBreak = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func harmless(cell string) string {
	if cell != "" && strings.IndexAny(cell, formulaStarts) == 0 {
		cell = "'" + cell
	}
	return OneBreak.Replace(cell)
}
