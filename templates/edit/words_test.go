package edit

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// sides returns the texts that the pieces stand for, without differences of spaces.
func sides(all []piece) (before, after string) {
	for _, p := range all {
		if p.kind != diffmatchpatch.DiffInsert {
			before += p.text
		}
		if p.kind != diffmatchpatch.DiffDelete {
			after += p.text
		}
	}
	return plain(before), plain(after)
}

func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestPiecesHoldEveryWordOfBothTexts(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("a is the Django FastAPI – “quoted” 東京 🎉 e\u0301 [^1] **bold** admin, admin. \u202eright\u202c")
	text := func() string {
		var text strings.Builder
		for range random.IntN(60) {
			text.WriteString(words[random.IntN(len(words))])
			text.WriteString([]string{" ", "\n", "\n\n", "  "}[random.IntN(4)])
		}
		return text.String()
	}
	for range 2000 {
		older, newer := text(), text()
		before, after := sides(pieces(older, newer))
		if before != plain(older) || after != plain(newer) {
			t.Fatalf("%q and %q became %q and %q", older, newer, before, after)
		}
	}
}

func TestOnlyChangedWordsAreMarked(t *testing.T) {
	t.Parallel()
	for _, one := range []struct{ before, after, removed, added string }{
		{"same words", "same words", "", ""},
		{"same  words", "same words\n", "", ""},
		{"", "all of it", "", "all of it"},
		{"all of it", "", "all of it", ""},
		{"it has an admin built in", "it has no admin built in", "an", "no"},
		{"works well", "works well today", "", "today"},
		{"one paragraph and more words here", "one paragraph\n\nand more words here", "paragraph", "paragraph"},
	} {
		var removed, added []string
		for _, p := range pieces(one.before, one.after) {
			switch p.kind {
			case diffmatchpatch.DiffDelete:
				removed = append(removed, plain(p.text))
			case diffmatchpatch.DiffInsert:
				added = append(added, plain(p.text))
			}
		}
		if got := strings.Join(removed, "|"); got != one.removed {
			t.Errorf("%q to %q: removed %q", one.before, one.after, got)
		}
		if got := strings.Join(added, "|"); got != one.added {
			t.Errorf("%q to %q: added %q", one.before, one.after, got)
		}
	}
}

// A text of more different words than there are letters below the surrogates is compared too.
func TestMoreWordsThanPlainLettersAreCompared(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 70_000 {
		text.WriteString("w")
		text.WriteString(strings.Repeat("x", i%7))
		text.WriteString(string(rune('a' + i%26)))
		text.WriteString(strings.ToLower(string(rune(0x4E00+i%20_000))) + string(rune(0xAC00+i%11_000)) + " ")
	}
	before, after := sides(pieces(text.String(), text.String()+"end"))
	if before != plain(text.String()) || after != plain(text.String()+"end") {
		t.Error("words are lost")
	}
}
