// Package digest names texts by their SHA-256, to compare them or to look them up without keeping them.
package digest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// Of returns the SHA-256 of a text that nobody can guess, such as a token.
func Of(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// Hex returns the first bytes of the SHA-256 of a text in hexadecimal: two digits for each of so many bytes, 32 at most.
func Hex[T string | []byte](text T, bytes int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:bytes])
}

// Keyed returns the HMAC-SHA256 of the text: without the secret, nobody can make it or confirm a guess of the text by it. The
// text begins with what the digest is for, so that no other digest equals it.
func Keyed(secret []byte, text string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
