package postgres

import (
	"iter"
	"slices"
	"strings"

	"tiebreak/internal/text"
)

// maxTerms bounds how many words of a search are looked for.
const maxTerms = 8

// Terms are the words that a search looks for, as they are indexed.
type Terms []term

type term struct{ word, stem string }

// termsOf leaves out words that say too little; "vs" stands in every title.
func termsOf(words string) Terms {
	var terms Terms
	for _, word := range text.Words(words) {
		t := term{word, text.Stem(word)}
		if len(terms) < maxTerms && word != "vs" && word != "versus" && !text.IsCommon(word) && !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	return terms
}

// In yields the words of a text and what is between them, and of each whether a search for the terms finds it.
func (ts Terms) In(s string) iter.Seq2[string, bool] {
	return func(yield func(stretch string, found bool) bool) {
		for stretch, isWord := range text.Split(s) {
			found := isWord && slices.ContainsFunc(text.Indexed(stretch), func(word string) bool {
				return slices.ContainsFunc(ts, func(t term) bool { return t.finds(word) })
			})
			if !yield(stretch, found) {
				return
			}
		}
	}
}

// allIn reports whether a search for all of the terms finds the text.
func (ts Terms) allIn(s string) bool {
	words := text.Indexed(s)
	return !slices.ContainsFunc(ts, func(t term) bool { return !slices.ContainsFunc(words, t.finds) })
}

func (t term) finds(word string) bool {
	return word == t.word || len(t.word) >= 3 && strings.HasPrefix(word, t.word) || text.Stem(word) == t.stem
}

// beginnings finds what begins with the terms, or is another form of them.
func (ts Terms) beginnings(operator string) string {
	return ts.joined(operator, func(t term) string {
		if t.stem == t.word {
			return beginning([]string{t.word}, "")
		}
		return "(" + beginning([]string{t.word}, "") + " | " + quoted(t.stem) + ")"
	})
}

// wholeWords finds what has the terms, in any form.
func (ts Terms) wholeWords(operator string) string {
	return ts.joined(operator, func(t term) string { return quoted(t.stem) })
}

func (ts Terms) joined(operator string, pattern func(term) string) string {
	patterns := make([]string, len(ts))
	for i, t := range ts {
		patterns[i] = pattern(t)
	}
	return strings.Join(patterns, operator)
}

// name returns what names are compared by: their words in alphabetical order, without the endings that people leave out, as
// in Vue.js and Golang.
func (ts Terms) name() string {
	var words []string
	for _, t := range ts {
		word := strings.TrimSuffix(t.word, "js")
		if short := strings.TrimSuffix(word, "lang"); len(short) > 1 {
			word = short
		}
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(unique(words), " ")
}
