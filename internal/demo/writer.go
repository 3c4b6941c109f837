package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/brianvoe/gofakeit/v7"
)

// writer invents words. It uses only those lists of the library that name no company, person or place.
type writer struct{ *gofakeit.Faker }

// newWriter returns a writer that always writes the same for the same name.
func newWriter(name string) writer {
	hash := fnv.New64a()
	hash.Write([]byte(name))
	return writer{gofakeit.New(hash.Sum64())}
}

// sentences returns n sentences, half of them in Latin.
func (w writer) sentences(n int) []string {
	all := make([]string, n)
	for i := range all {
		if w.Bool() {
			all[i] = w.HackerPhrase()
		} else {
			all[i] = w.LoremIpsumSentence(w.Number(5, 16))
		}
	}
	return all
}

// thing returns a noun such as "wireless firewall".
func (w writer) thing() string { return w.HackerAdjective() + " " + w.HackerNoun() }

// paragraph returns sentences, of which the first cites the source with the number.
func (w writer) paragraph(source, sentences int) string {
	all := w.sentences(sentences)
	all[0] += fmt.Sprintf("[^%d]", source)
	return strings.Join(all, " ")
}

// some returns n of the list, in any order.
func some[T any](w writer, list []T, n int) []T {
	picked := make([]T, n)
	for i, p := range rand.New(w.Rand).Perm(len(list))[:n] {
		picked[i] = list[p]
	}
	return picked
}
