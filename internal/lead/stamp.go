package lead

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// NewStamp says when a form was drawn, signed so that nobody else can say so.
func NewStamp(secret []byte, now time.Time) string {
	at := strconv.FormatInt(now.UnixMilli(), 36)
	return at + "." + hex.EncodeToString(signStamp(secret, at))
}

func signStamp(secret []byte, at string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("stamp:" + at))
	return mac.Sum(nil)[:16]
}

// readStamp reports how long ago the form with the stamp was drawn, and whether the stamp is ours.
func readStamp(secret []byte, stamp string, now time.Time) (age time.Duration, ours bool) {
	at, signature, _ := strings.Cut(stamp, ".")
	signed, err := hex.DecodeString(signature)
	if err != nil || !hmac.Equal(signed, signStamp(secret, at)) {
		return 0, false
	}
	milliseconds, err := strconv.ParseInt(at, 36, 64)
	return now.Sub(time.UnixMilli(milliseconds)), err == nil
}

// Signs are what the form tells about who sent it.
func (f Form) Signs(secret []byte, now time.Time) Signs {
	s := Signs{Trap: f.Trap, Stamped: f.Stamp != "", Undrawn: f.Stamp == "" && (f.Edition == "" || f.Keyless())}
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
