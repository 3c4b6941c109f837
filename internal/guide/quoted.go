package guide

import (
	"fmt"
	"strings"
	"unicode"
)

// Quoted returns a word that should be plain ASCII as a message shows it. It names the first character that is not, because
// that may look like one that is.
func Quoted(word string) string {
	i := strings.IndexFunc(word, func(r rune) bool { return r > unicode.MaxASCII })
	if i < 0 {
		return fmt.Sprintf("%q", word)
	}
	r := []rune(word[i:])[0]
	return fmt.Sprintf("%q (its %q is the character %U)", word, r, r)
}
