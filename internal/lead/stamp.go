package lead

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// NewStamp says when a form was drawn, signed so that nobody else can say so. No two are equal, however many forms are
// drawn at once: a stamp that comes again is the same form again.
func NewStamp(secret []byte, now time.Time) string {
	drawn := strconv.FormatInt(now.UnixMilli(), 36) + "." + rand.Text()
	return drawn + "." + signStamp(secret, drawn)
}

func signStamp(secret []byte, drawn string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("stamp:" + drawn))
	return hex.EncodeToString(mac.Sum(nil)[:16])
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

// Signs are what the form tells about who sent it.
func (f Form) Signs(secret []byte, now time.Time) Signs {
	s := Signs{Trap: f.Trap, Stamped: f.Stamp != "", NoScript: f.Edition != "" && f.Keyless()}
	s.Undrawn = f.Edition == "" && (!s.Stamped || f.Keyless())
	if s.Stamped {
		var ours bool
		s.Age, ours = readStamp(secret, f.Stamp, now)
		s.StampForged = !ours
	}
	return s
}

// StampDigest names the drawn form, nil for one without a stamp.
func (f Form) StampDigest() []byte {
	if f.Stamp == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(f.Stamp))
	return sum[:]
}

// Digest names a text for comparing it without keeping it; nil for none.
func Digest(secret []byte, purpose, text string) []byte {
	if text == "" {
		return nil
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(purpose + ":" + text))
	return mac.Sum(nil)
}
