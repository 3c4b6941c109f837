package postgres

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzTermsMeanNothingToPostgreSQL(f *testing.F) {
	for _, seed := range []string{
		"django admin", "admin' & !django:*)", "ÄÖÜ 日本語", "\x00\xff", "a-b_c", "C++ c#", "हिन्दी",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaä",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		terms := termsOf(words)
		if len(terms) > maxTerms {
			t.Errorf("%d terms", len(terms))
		}
		for _, term := range terms {
			if !utf8.ValidString(term.word) || term.word == "" || term.stem == "" {
				t.Errorf("%q is not a term", term)
			}
			for _, r := range term.word + term.stem {
				if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) && r != '+' && r != '#' {
					t.Errorf("%q in the term %q", r, term)
				}
			}
		}
	})
}
