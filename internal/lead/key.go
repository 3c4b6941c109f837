package lead

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"tiebreak/internal/email"
)

// maxKey bounds a key that a browser sends; a longer one counts as none.
const maxKey = 200

// NewKey is a fresh key for a form that is drawn now: 130 random bits.
func NewKey() string { return rand.Text() }

// NewToken is a fresh receipt address: 130 random bits.
func NewToken() string { return rand.Text() }

// SamplePrefix begins the receipt addresses of sample leads and of no other: NewToken is capitals and digits.
const SamplePrefix = "sample-"

// Keyless reports whether the page that was sent carried no usable key.
func (f Form) Keyless() bool { return f.Key == "" || len(f.Key) > maxKey }

// KeyDigest names the submission: equal digests are one lead. A form without a key gets one made of what was typed, so
// that a double press is one lead and other words are another.
func (f Form) KeyDigest(secret []byte) []byte {
	if f.Keyless() {
		return f.sign(secret, "keyless")
	}
	sum := sha256.Sum256([]byte("key:" + f.Key))
	return sum[:]
}

// BodyDigest tells a repeat from other words under the same key. The key goes into it, and is not kept: whoever holds the
// database, and so the secret, cannot confirm by it a guess of what somebody typed. It is empty for a form without a key,
// whose KeyDigest tells other words already.
func (f Form) BodyDigest(secret []byte) []byte {
	if f.Keyless() {
		return []byte{}
	}
	return f.sign(secret, "body:"+f.Key)
}

// AddressDigest names the email address, however it was written, for counting without keeping it.
func (f Form) AddressDigest(secret []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("address:" + email.Key(f.Email)))
	return mac.Sum(nil)
}

// sign is an HMAC-SHA256 over everything typed and the guide, each part with its length so that none can pose as another.
// Ticks count as a set: a browser's order is not the prospect's.
func (f Form) sign(secret []byte, purpose string) []byte {
	parts := []string{purpose, f.Name, f.Email, f.Company, f.Project, f.Timeline, f.Budget, f.Option, f.Guide}
	ticks := slices.Sorted(slices.Values(f.Ticks))
	mac := hmac.New(sha256.New, secret)
	for _, part := range append(parts, slices.Compact(ticks)...) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		mac.Write(length[:])
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
