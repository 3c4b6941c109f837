package lead

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"tiebreak/internal/digest"
)

// NewStamp returns the time at which a form was drawn, signed so that nobody else can make it. No two are equal, however
// many forms are drawn at once: a stamp that comes again is the same form again.
func NewStamp(secret []byte, now time.Time) string {
	drawn := strconv.FormatInt(now.UnixMilli(), 36) + "." + rand.Text()
	return drawn + "." + signStamp(secret, drawn)
}

func signStamp(secret []byte, drawn string) string {
	return hex.EncodeToString(digest.Keyed(secret, "stamp:"+drawn)[:16])
}

// readStamp reports how long ago the form with the stamp was drawn, and whether the stamp is ours. Older stamps hold
// nothing between the time and the signature.
func readStamp(secret []byte, stamp string, now time.Time) (age time.Duration, ours bool) {
	end := max(strings.LastIndexByte(stamp, '.'), 0)
	drawn, signature := stamp[:end], strings.TrimPrefix(stamp[end:], ".")
	if !hmac.Equal([]byte(signature), []byte(signStamp(secret, drawn))) {
		return 0, false
	}
	at, _, _ := strings.Cut(drawn, ".")
	milliseconds, err := strconv.ParseInt(at, 36, 64)
	return now.Sub(time.UnixMilli(milliseconds)), err == nil
}

// Signals returns what the form tells about its sender.
func (f Form) Signals(secret []byte, now time.Time) Signals {
	s := Signals{Honeypot: f.Honeypot, Stamped: f.Stamp != "", NoScript: f.Edition != "" && f.Keyless()}
	s.Undrawn = f.Edition == "" && (!s.Stamped || f.Keyless())
	if s.Stamped {
		var ours bool
		s.Age, ours = readStamp(secret, f.Stamp, now)
		s.StampForged = !ours
	}
	return s
}

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
