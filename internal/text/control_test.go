package text_test

import (
	"testing"

	"tiebreak/internal/text"
)

func TestOneLineHoldsNothingThatATerminalActsOn(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Ann\x1b[2J\x07":         "Ann [2J ",
		"Ann\tB\r\nC":            "Ann B  C",
		"Ann\u009b31mB\x7f":      "Ann 31mB ",
		"\u202eAnn\u2028B\ufeff": "Ann B",
		"می\u200cخواهم 👩\u200d💻": "می\u200cخواهم 👩\u200d💻",
		"Zoë Müller, 漢字":         "Zoë Müller, 漢字",
		"broken \xff":            "broken \uFFFD",
	} {
		if got := text.OneLine(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}
