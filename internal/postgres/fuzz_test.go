package postgres

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func FuzzTermsMeanNothingToPostgreSQL(f *testing.F) {
	for _, seed := range []string{"django admin", "admin' & !django:*)", "ÄÖÜ 日本語", "\x00\xff", "a-b_c", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaä"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, words string) {
		terms := termsOf(words)
		if len(terms) > mostTerms {
			t.Errorf("%d terms", len(terms))
		}
		for _, term := range terms {
			if !utf8.ValidString(term) || term == "" {
				t.Errorf("%q is no term", term)
			}
			for _, r := range term {
				if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					t.Errorf("%q in the term %q", r, term)
				}
			}
		}
	})
}
