package lead

import (
	"crypto/sha256"
	"fmt"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// NoteForm is what a prospect adds to a request, as it was sent.
type NoteForm struct {
	Text string
	Key  string // "" when the page that was sent had none
}

// Check returns what the prospect has to correct, or nil.
func (f NoteForm) Check() fault.Invalid {
	switch n := utf8.RuneCountInString(f.Text); {
	case text.IsBlank(f.Text):
		return fault.Invalid{{Name: "note", Message: "Type what you want to add."}}
	case n > MaxProject:
		return fault.Invalid{{Name: "note", Message: fmt.Sprintf("This is %d characters long. Shorten it to %d, or send it "+
			"in two parts.", n, MaxProject)}}
	}
	return nil
}

// Digest names the press of the button: equal digests on one lead are one note. Other words are another note, whatever
// their key.
func (f NoteForm) Digest() []byte {
	sum := sha256.Sum256([]byte(f.Key + "\x00" + f.Text))
	return sum[:]
}
