// Package text decides when two pieces of text are the same, so that every comparison in the program agrees: start at
// Normalize. It also cuts and capitalises texts, and writes them into tables.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalize returns the form in which texts are compared: composed (Unicode NFKC, so that full-width letters and ligatures
// are the ordinary ones) and without characters that nobody sees, such as zero-width spaces and marks of direction. It is for
// comparing; what a person typed is stored and shown as it was typed.
func Normalize(s string) string {
	if isPlain(s) {
		return s
	}
	return norm.NFKC.String(without(isInvisible, s))
}

// ASCIIDigits returns s with the decimal digits of every script replaced by 0 to 9. It is for codes and numbers.
func ASCIIDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && unicode.Is(unicode.Nd, r) {
			return '0' + digitValue(r)
		}
		return r
	}, s)
}

// digitValue returns the value of a decimal digit. The digits of a script stand in a row of ten, and its rows begin at 0
// (Unicode Standard, section 4.6), so the value is how many digits stand before it, but for whole rows.
func digitValue(r rune) rune {
	before := rune(0)
	for unicode.Is(unicode.Nd, r-before-1) {
		before++
	}
	return before % 10
}

// Numeric returns what was typed where digits are expected, such as a code, a number or a date: normalised, with ASCII digits
// and hyphens, and without space around it.
func Numeric(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Dash, r) {
			return '-'
		}
		return r
	}, ASCIIDigits(Normalize(s))))
}

// IsBlank reports whether nothing can be seen of s.
func IsBlank(s string) bool { return strings.TrimSpace(Normalize(s)) == "" }

func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// isInvisible reports whether the character has no shape of its own: format characters and those that programs ignore when
// they cannot show them (Unicode's Default_Ignorable_Code_Point).
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
