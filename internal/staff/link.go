package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
)

// LinkState is where a one-time link stands that was sent by mail.
type LinkState string

const (
	Open      LinkState = "open"
	Used      LinkState = "used"
	Withdrawn LinkState = "withdrawn"
	Expired   LinkState = "expired"
)

// NewSalt is what a link's token is made from.
func NewSalt() []byte {
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // never fails
	return salt
}

// linkToken is the secret of a link. It can be made again when the mail is sent, and only with the site's secret.
func linkToken(secret []byte, purpose string, salt []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(purpose))
	mac.Write(salt)
	return base32.StdEncoding.EncodeToString(mac.Sum(nil)[:20])
}
