package lead

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"slices"

	"tiebreak/internal/digest"
	"tiebreak/internal/email"
)

// maxKey bounds a key that a browser sends; a longer one counts as none.
const maxKey = 200

// NewKey returns a fresh key for a form that is drawn now: 130 random bits.
func NewKey() string { return rand.Text() }

// NewToken returns a fresh receipt address: 130 random bits.
func NewToken() string { return rand.Text() }

// SamplePrefix begins the receipt addresses of sample leads and of no other: NewToken returns capitals and digits.
const SamplePrefix = "sample-"

// isKey reports whether what a browser sent can be a key of ours.
func isKey(sent string) bool { return sent != "" && len(sent) <= maxKey }

// Keyless reports whether the page that was sent carried no usable key.
func (f Form) Keyless() bool { return !isKey(f.Key) }

// KeyDigest names the submission: equal digests are one lead. A form without a key gets one made of what was typed, so
// that a double press is one lead and other words are another.
func (f Form) KeyDigest(secret []byte) []byte {
	if f.Keyless() {
		return digest.Keyed(secret, f.typed("keyless"))
	}
	return digest.Of("key:" + f.Key)
}

// BodyDigest tells a repeat from other words under the same key. The key goes into it, and is not kept: someone who holds the
// database, and so the secret, cannot confirm by it a guess of what somebody typed. It is empty for a form without a key,
// whose KeyDigest tells other words already.
func (f Form) BodyDigest(secret []byte) []byte {
	if f.Keyless() {
		return []byte{}
	}
	return digest.Keyed(secret, f.typed("body:"+f.Key))
}

// AddressDigest names the email address, however it was written, for counting without keeping it.
func (f Form) AddressDigest(secret []byte) []byte {
	return digest.Keyed(secret, "address:"+email.Key(f.Email))
}

// TooLargeDigest names the email address among those that were told that an email of theirs was too large.
func TooLargeDigest(secret []byte, address string) []byte {
	return digest.Keyed(secret, "too large:"+email.Key(address))
}

// StampDigest names the drawn form. It returns nil for one without a stamp.
func (f Form) StampDigest() []byte {
	if f.Stamp == "" {
		return nil
	}
	return digest.Of(f.Stamp)
}

// typed returns everything typed and the guide, each part with its length so that none can pose as another. Ticks count as a
// set: a browser's order is not the prospect's.
func (f Form) typed(purpose string) string {
	parts := []string{purpose, f.Name, f.Email, f.Company, f.Project, f.Timeline, f.Budget, f.Option, f.Guide}
	for _, ticks := range [][]string{f.Ticks, marked("\x00must ", f.Must), marked("\x00weight ", f.Weights)} {
		parts = append(parts, slices.Compact(slices.Sorted(slices.Values(ticks)))...)
	}
	var all []byte
	for _, part := range parts {
		all = binary.BigEndian.AppendUint64(all, uint64(len(part)))
		all = append(all, part...)
	}
	return string(all)
}

// marked returns the values, each with a mark that no tick can begin with: what can be stored holds no NUL.
func marked(mark string, values []string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = mark + v
	}
	return all
}

// PressDigest names one press of a form's button: equal digests are one press. Without a key, the text stands for it.
func PressDigest(reference string, member int64, key, text string) []byte {
	if !isKey(key) {
		key = text
	}
	return digest.Of(fmt.Sprintf("%s\x00%d\x00%s", reference, member, key))
}

// textDigest names the words of a request, by which another one with the same words is known. It returns nil for no words.
func textDigest(secret []byte, words string) []byte {
	if words == "" {
		return nil
	}
	return digest.Keyed(secret, "text:"+words)
}
