package text

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// maxWord is how many characters of a word are kept. A longer word is found by its beginning.
const maxWord = 40

// Indexed returns the words by which a text is found: its words and, of those with an apostrophe, the parts too, so that
// "l’été" is found by "été" as well.
func Indexed(s string) []string {
	words := Words(s)
	if !strings.ContainsFunc(s, isJoiner) {
		return words
	}
	for stretch, isWord := range Split(s) {
		if isWord && strings.ContainsFunc(stretch, isJoiner) {
			words = append(words, Words(strings.Join(strings.FieldsFunc(stretch, isJoiner), " "))...)
		}
	}
	return words
}

// Words returns the words of a text, folded, as a query asks for them: a word of the query finds those of the index that begin
// with it. Scripts without spaces between words have no words that a program could tell, so each of their signs
// is paired with the one after it: any run of signs is then found inside a longer one.
func Words(s string) []string {
	var words []string
	for stretch, isWord := range Split(Fold(s)) {
		if !isWord {
			continue
		}
		letters := []rune(stretch)
		for start, end := 0, 1; start < len(letters); start, end = end, end+1 {
			for end < len(letters) && isSign(letters[end]) == isSign(letters[start]) {
				end++
			}
			if isSign(letters[start]) {
				words = append(words, pairs(letters[start:end])...)
			} else {
				words = append(words, string(letters[start:min(end, start+maxWord)]))
			}
		}
	}
	return words
}

// pairs returns each sign with the one after it, and the last one alone.
func pairs(signs []rune) []string {
	list := make([]string, len(signs))
	for i := range signs {
		list[i] = string(signs[i:min(i+2, len(signs))])
	}
	return list
}

// Split yields the stretches of s in order, and of each whether it is a word. Apostrophes belong to the word that they stand
// in, plus and number signs to a word that they end, as in C++ and C#.
func Split(s string) iter.Seq2[string, bool] {
	return func(yield func(stretch string, isWord bool) bool) {
		start, inWord := 0, false
		for i, r := range s {
			belongs := isWordPart(r) || inWord && (isSuffix(r) && endsWord(s[i:]) || isJoiner(r) && goesOn(s[i:]))
			if belongs != inWord {
				if i > start && !yield(s[start:i], inWord) {
					return
				}
				start, inWord = i, belongs
			}
		}
		if start < len(s) {
			yield(s[start:], inWord)
		}
	}
}

// isWordPart reports whether words are made of the character: of letters with their marks, of digits, and of characters that
// nobody sees, which part nothing.
func isWordPart(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || isInvisible(r)
}

func isSuffix(r rune) bool { return r == '+' || r == '#' }

// endsWord reports whether nothing but suffixes stands between the beginning of s and the end of the word.
func endsWord(s string) bool {
	for _, r := range s {
		if !isSuffix(r) {
			return !isWordPart(r)
		}
	}
	return true
}

// goesOn reports whether a part of a word follows the joiners that s begins with.
func goesOn(s string) bool {
	next, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, isJoiner))
	return isWordPart(next)
}

// isSign reports whether the character is of a script that is written without spaces between words, or of one in which a
// name's parts are written together.
func isSign(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

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
