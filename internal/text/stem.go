package text

import (
	"slices"
	"strings"

	"github.com/kljensen/snowball/english"
)

// Stem returns what the forms of an English word have in common: "licenc" for "licences". Other words stay as they are.
func Stem(word string) string { return english.Stem(word, false) }

// IsCommon reports whether the English word, folded, says too little to search for, such as "the" and "what's".
func IsCommon(word string) bool {
	return english.IsStopWord(word) || slices.Contains(contractions, word)
}

// contractions are those of common words, without their apostrophes. Those that are other words too, such as "well", are
// left out.
var contractions = strings.Fields(`
	arent cant couldnt didnt doesnt dont hadnt hasnt havent hes heres hows im isnt ive shes shouldnt thats theres theyll theyre
	theyve wasnt werent weve whats whens wheres whos whys wont wouldnt youd youll youre youve`)
