package text_test

import (
	"testing"
	"unicode/utf8"

	"tiebreak/internal/text"
)

func TestCapitalsAreGivenToAllLetters(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"": "", "one": "One", "élan": "Élan", "ж": "Ж", "ǆ": "Ǆ",
		"One Two": "One Two", "5 more": "5 more", "東京": "東京",
	} {
		if got := text.Capitalise(words); got != want {
			t.Errorf("%q begins as %q, want %q", words, got, want)
		}
	}
}

func TestTextsAreCutAfterAWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		most  int
		want  string
	}{
		{"Some words", 10, "Some words"},
		{"Some words, and more", 12, "Some words…"},
		{"Some words\n\nand more", 12, "Some words…"},
		{"Überlängen, Größen", 14, "Überlängen…"},
		{"A Donaudampfschifffahrt", 14, "A Donaudampfs…"},
		{"東京東京東京東京", 5, "東京東京…"},
	} {
		got := text.Shorten(c.words, c.most)
		if got != c.want || utf8.RuneCountInString(got) > c.most {
			t.Errorf("%q in %d: %q, want %q", c.words, c.most, got, c.want)
		}
	}
}
