package text

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// Table writes rows as CSV (RFC 4180, UTF-8), as they come: it keeps one at a time. It begins with a byte order mark, without
// which some spreadsheets guess another encoding, and no cell of it runs as a formula: see harmless.
type Table struct{ csv *csv.Writer }

// byteOrderMark tells a spreadsheet that the file is UTF-8.
const byteOrderMark = "\uFEFF"

// NewTable begins a table with the names of its columns.
func NewTable(w io.Writer, header ...string) (*Table, error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
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

// OneBreak ends lines by LF alone. Inside of a cell the writer makes CRLF of it, where it would drop a lone CR.
var OneBreak = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// formulaStart matches a sign that begins a formula, also in the full width that East Asian keyboards type, at the start of a
// cell or after any sign that a spreadsheet may take for the end of a cell, whatever blanks and quotes stand before it.
var formulaStart = regexp.MustCompile("((?:^|[,;|\t\n])[\\p{Z}\\p{C}\"'`]*)([-=+@＝＋－＠])")

// harmless puts a typographic apostrophe before each sign that would begin a formula (OWASP, "CSV Injection"). A plain one,
// or a space, would not do: a spreadsheet that is set to take apostrophes for quotes, or to trim, drops it. Control
// characters become spaces, since a file is also read on a terminal.
func harmless(cell string) string {
	return formulaStart.ReplaceAllString(WithoutControls(OneBreak.Replace(cell), "\n\t"), "$1’$2")
}
