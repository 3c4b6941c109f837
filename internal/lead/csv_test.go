package lead_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/lead"
)

// written is the table of one row, as bytes.
func written(t *testing.T, cells ...string) string {
	t.Helper()
	var out strings.Builder
	table, err := lead.NewTable(&out, "first", "second")
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Row(cells...); err != nil {
		t.Fatal(err)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestNoCellIsAFormulaToASpreadsheet(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{
		"=1+1", "+49 30 1234", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", `=HYPERLINK("https://example.org","a, b")`, "＝1+1", "＠SUM", "=", "-\r\n=1",
	} {
		read, err := csv.NewReader(strings.NewReader(written(t, "a", cell))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := "'" + strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n") // a reader of CSV makes LF of CRLF
		if got := read[1][1]; got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

func TestOtherCellsAreReadAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{
		"", "words", "12", "0.5", "a=b", "e-mail", "'quoted'", `she said "no", twice`, "one\ntwo", "Übergröße, 漢字", "שלום, עולם", "\u202b=1\u202c", "🙂", " =spaced",
	} {
		read, err := csv.NewReader(strings.NewReader(written(t, cell, "last"))).ReadAll()
		if err != nil || !slices.Equal(read[1], []string{cell, "last"}) {
			t.Errorf("%q is read as %q (%v)", cell, read, err)
		}
	}
}

func TestTableIsWrittenAsRFC4180HasIt(t *testing.T) {
	t.Parallel()
	if got, want := written(t, "a \"b\", c\rd", "e\nf"), "first,second\r\n\"a \"\"b\"\", c\r\nd\",\"e\r\nf\"\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
