package lead

import (
	"crypto/hmac"
	"encoding/hex"
	"strings"

	"tiebreak/internal/digest"
)

// SealConsent returns the consent sentence that a form shows, signed so that nobody else can make it. A form may be sent long
// after it was drawn, when the site has another sentence or another version of the program.
func SealConsent(secret []byte, sentence string) string {
	return signConsent(secret, sentence) + " " + sentence
}

// OpenConsent returns the sentence that a form showed, or "" if we never had a form show it.
func OpenConsent(secret []byte, sent string) string {
	signature, sentence, _ := strings.Cut(sent, " ")
	if !hmac.Equal([]byte(signature), []byte(signConsent(secret, sentence))) {
		return ""
	}
	return sentence
}

func signConsent(secret []byte, sentence string) string {
	return hex.EncodeToString(digest.Keyed(secret, "consent:"+sentence)[:16])
}
