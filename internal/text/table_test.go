package text_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tiebreak/internal/text"
)

// written returns the table of one row.
func written(t *testing.T, cells ...string) string {
	t.Helper()
	var out strings.Builder
	table, err := text.NewTable(&out, "first", "second")
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

func TestTableBeginsWithAByteOrderMark(t *testing.T) {
	t.Parallel()
	if got := written(t, "Zoë Müller", "漢字"); !strings.HasPrefix(got, "\xEF\xBB\xBFfirst,second\r\nZoë Müller,漢字") {
		t.Errorf("got %q", got)
	}
}

// formulas are cells that run as a formula in some spreadsheet, under some separator or quoting.
var formulas = []string{
	"=1+1", "+49 30 1234", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", `=HYPERLINK("https://example.org","a, b")`, "＝1+1",
	"＠SUM", "=", "-\r\n=1",
	`a;=HYPERLINK("http://x.example";"click")`, "first line\n;=2+3", "a, =1+1", "a|@x", "a\t+1", "a\r-1", "a;;=1", "=;=;=",
	" =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1",
	`"=1+1"`, `a;"=1+1"`, `a, '=1+1'`, `'=1+1`, `" ""=1+1`, "- one\n- two", "a,\n\n  =1", ";\u3000＝1", "`=1`",
}

// TestNoPartOfACellBeginsAFormula reads the bytes as spreadsheets do, which may split and unquote them in their own way.
func TestNoPartOfACellBeginsAFormula(t *testing.T) {
	t.Parallel()
	for _, cell := range formulas {
		text := strings.TrimPrefix(written(t, "a", cell), "\uFEFF")
		parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;|\t\r\n", r) })
		for _, part := range parts {
			start := strings.TrimLeftFunc(part, func(r rune) bool {
				return unicode.IsSpace(r) || unicode.Is(unicode.C, r) || strings.ContainsRune("\"'`", r)
			})
			if start != "" && strings.ContainsAny(start[:1], "=+-@") || strings.HasPrefix(start, "＝") {
				t.Errorf("%q is written as %q, of which %q begins a formula", cell, text, part)
			}
		}
	}
}

func TestOnlyFormulaStartsAreChanged(t *testing.T) {
	t.Parallel()
	for _, cell := range append(formulas, "ann+lists@example.org", "a = b + c - d", "well-known", "10-20k", "C++; C#", "a, b") {
		want := strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n") // a reader of CSV makes LF of CRLF
		read := readBack(t, cell)
		if got := strings.ReplaceAll(read, "’", ""); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]string{
		"+49 30 1234": "’+49 30 1234", "-5,000": "’-5,000",
		"- one\n- two": "’- one\n’- two", "a;=1": "a;’=1",
	} {
		if got := readBack(t, cell); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

// readBack returns the cell as a reader of CSV gets it.
func readBack(t *testing.T, cell string) string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(written(t, "a", cell))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1][1]
}

func TestOtherCellsAreReadAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{
		"", "words", "12", "0.5", "a=b", "e-mail", "'quoted'", `she said "no", twice`, "one\ntwo", "Übergröße, 漢字", "שלום, עולם",
		"🙂", "a =spaced",
	} {
		read, err := csv.NewReader(strings.NewReader(written(t, cell, "last"))).ReadAll()
		if err != nil || !slices.Equal(read[1], []string{cell, "last"}) {
			t.Errorf("%q is read as %q (%v)", cell, read, err)
		}
	}
}

func TestNoCellHoldsATerminalsCommands(t *testing.T) {
	t.Parallel()
	if got, want := readBack(t, "a\x1b]0;b\x07c\u009bd\te\nf\x00\x1b=1"), "a ]0;b c d\te\nf  =1"; got != want {
		t.Errorf("read back as %q, want %q", got, want)
	}
}

func TestTableIsWrittenAsRFC4180HasIt(t *testing.T) {
	t.Parallel()
	if got, want := written(t, "a \"b\", c\rd", "e\nf"),
		"\uFEFFfirst,second\r\n\"a \"\"b\"\", c\r\nd\",\"e\r\nf\"\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
