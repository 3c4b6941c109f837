package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Capitalise returns the words with a capital letter at the beginning, as a sentence or a label starts.
func Capitalise(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + words[size:]
}

// Shorten returns the words, cut to at most so many characters with an ellipsis if anything is left out: after a whole word,
// unless that one begins in the first half.
func Shorten(words string, limit int) string {
	if len(words) <= limit || utf8.RuneCountInString(words) <= limit {
		return words
	}
	short := string([]rune(words)[:limit])
	if i := strings.LastIndexAny(short, " \n"); i >= len(short)/2 {
		short = short[:i]
	} else {
		short = string([]rune(words)[:limit-1])
	}
	return strings.TrimRight(short, " \n,;:") + "…"
}
