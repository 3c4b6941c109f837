package edit

import (
	"regexp"
	"strings"
	"time"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// piece is a stretch of words that both texts have, or one of them.
type piece struct {
	kind diffmatchpatch.Operation
	text string
}

// diffTimeout is how long the comparison of one text looks for the smallest difference. After that it takes what it has found, so
// that two long texts with nothing in common do not hold up the page.
const diffTimeout = 100 * time.Millisecond

// A word is compared without the space after it, unless a paragraph ends there.
var (
	wordAndSpace = regexp.MustCompile(`\s*\S+\s*`)
	paragraphEnd = regexp.MustCompile(`\n\s*\n`)
)

// pieces compares two texts word by word.
func pieces(before, after string) []piece {
	numbers := map[string]rune{}
	older, newer := wordAndSpace.FindAllString(before, -1), wordAndSpace.FindAllString(after, -1)
	differ := diffmatchpatch.New()
	differ.DiffTimeout = diffTimeout
	var all []piece
	// Each different word becomes a letter: the library compares letters.
	diffs := differ.DiffMainRunes(letters(older, numbers), letters(newer, numbers), false)
	for _, d := range differ.DiffCleanupSemantic(diffs) { // a passage written anew is one change, though it shares an "is"
		n := len([]rune(d.Text))
		p := piece{kind: d.Type}
		if d.Type != diffmatchpatch.DiffInsert {
			p.text = strings.Join(older[:n], "")
			older = older[n:]
		}
		if d.Type != diffmatchpatch.DiffDelete {
			p.text = strings.Join(newer[:n], "")
			newer = newer[n:]
		}
		all = append(all, p)
	}
	return all
}

// letters returns a letter for each word, the same for the same word.
func letters(words []string, numbers map[string]rune) []rune {
	text := make([]rune, len(words))
	for i, word := range words {
		key := strings.TrimSpace(word)
		if paragraphEnd.MatchString(word) {
			key += "\n"
		}
		n, known := numbers[key]
		if !known {
			n = rune(len(numbers) + 1)
			if n >= 0xD800 { // what stands here is not a letter
				n += 0x800
			}
			numbers[key] = n
		}
		text[i] = n
	}
	return text
}

// Long stretches that both texts have are shortened to so many words on each side of a change.
const around = 30

var manyWords = regexp.MustCompile(`\S+\s*`)

// shortened returns a stretch that both texts have without what is far from any change.
func (p piece) shortened(first, last bool) string {
	words := manyWords.FindAllStringIndex(p.text, -1)
	if len(words) <= 3*around {
		return p.text
	}
	head, tail := p.text[:words[around][0]], p.text[words[len(words)-around][0]:]
	if first {
		head = ""
	}
	if last {
		tail = ""
	}
	return head + "[…] " + tail
}
