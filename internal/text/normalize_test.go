package text_test

import (
	"testing"

	"tiebreak/internal/text"
)

func TestTextsThatLookTheSameAreTheSame(t *testing.T) {
	t.Parallel()

	for name, pair := range map[string][2]string{
		"composed and decomposed accents": {"Rene\u0301e", "Ren\u00e9e"},
		"zero-width space":                {"ann\u200b@example.org", "ann@example.org"},
		"marks of direction":              {"\u202aann@example.org\u202c", "ann@example.org"},
		"byte order mark, word joiner":    {"\ufeffann\u2060", "ann"},
		"soft hyphen":                     {"pass\u00adword", "password"},
		"Hangul filler":                   {"a\u3164b", "ab"},
		"emoji variation":                 {"\u2713\ufe0f", "\u2713"},
		"full-width letters":              {"ＡＢＣ１２３", "ABC123"},
		"no-break space":                  {"a\u00a0b", "a b"},
		"ASCII":                           {"plain text", "plain text"},
	} {
		if a, b := text.Normalize(pair[0]), text.Normalize(pair[1]); a != b {
			t.Errorf("%s: %q and %q differ", name, a, b)
		}
	}
	if text.Normalize("e") == text.Normalize("é") {
		t.Error("an accent that can be seen makes another letter")
	}
}

func TestNumbersAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()

	for typed, want := range map[string]string{
		" 24 ": "24", "２４": "24", "٢٤": "24", "2026\u201111\u201125": "2026-11-25", "\u221212": "-12", "\u200b7": "7",
		"12 345": "12 345",
	} {
		if got := text.Numeric(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
	if !text.IsBlank(" \u200b\u2060\u3164\n") || text.IsBlank(".") {
		t.Error("only what cannot be seen is blank")
	}
}

func TestDigitsOfAllScriptsAreRead(t *testing.T) {
	t.Parallel()

	for _, digits := range []string{"0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿"} {
		if got := text.ASCIIDigits(digits); got != "0123456789" {
			t.Errorf("%s was read as %s", digits, got)
		}
	}
}
