package text

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form in which texts are searched: normalised, in lower case, without accents and with ASCII digits, so that
// "Straße" is "strasse" and "Παπαδάκη" is "παπαδακη".
func Fold(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	bare := strings.Map(func(r rune) rune {
		if isAccent(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(Normalize(s)))
	return norm.NFC.String(ASCIIDigits(variants.Replace(cases.Fold().String(bare))))
}

// isAccent reports whether the character is an accent on the letter before it. Unicode tells accents from vowel signs and
// tone marks, which make another word, by the combining class: 1 are overlays, 7 nuktas, 10 to 36 the points of Hebrew, Arabic
// and Syriac, and from 200 on the accents of all scripts.
func isAccent(r rune) bool {
	class := norm.NFKD.PropertiesString(string(r)).CCC()
	return class == 1 || class == 7 || class >= 10 && class <= 36 || class >= 200
}

// variants replaces letters that are written in several ways and that Unicode does not decompose.
var variants = strings.NewReplacer(
	"ł", "l", "ø", "o", "đ", "d", "ð", "d", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th",
	"ى", "ي", "ی", "ي", "ک", "ك", "ة", "ه", "ـ", "", // Arabic and Persian forms, and the stretching line
)
