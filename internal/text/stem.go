package text

import "github.com/kljensen/snowball/english"

// Stem returns what the forms of an English word have in common: "licenc" for "licences". Other words stay as they are.
func Stem(word string) string { return english.Stem(word, false) }

// IsCommon reports whether the English word says too little to search for, such as "the".
func IsCommon(word string) bool { return english.IsStopWord(word) }
