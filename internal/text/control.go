package text

import (
	"strings"
	"unicode"
)

// WithoutControls returns s with a space in place of each control character, such as those that begin a terminal's commands,
// except for those in keep.
func WithoutControls(s, keep string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !strings.ContainsRune(keep, r) {
			return ' '
		}
		return r
	}, s)
}

// joiners shape letters and emoji: without them a name would be spelled in another way.
const joiners = "\u200C\u200D"

// OneLine returns s as it can be printed into a line on a terminal: without control characters and line breaks, and without
// format characters, which could turn the direction of the rest of the line.
func OneLine(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.Is(unicode.Cf, r) && !strings.ContainsRune(joiners, r):
			return -1
		}
		return r
	}, WithoutControls(s, ""))
}
