package staff

import (
	"crypto/rand"
	"encoding/base32"
	"time"

	"tiebreak/internal/digest"
)

// LinkState is where a one-time link stands that was sent by mail.
type LinkState string

const (
	Open      LinkState = "open"
	Used      LinkState = "used"
	Withdrawn LinkState = "withdrawn"
	Expired   LinkState = "expired"
)

// NewSalt returns what a link's token is made from.
func NewSalt() []byte {
	salt := make([]byte, 32)
	_, _ = rand.Read(salt) // never fails
	return salt
}

// linkToken returns the secret of a link. It can be made again when the mail is sent, and only with the site's secret.
func linkToken(secret []byte, purpose string, salt []byte) string {
	return base32.StdEncoding.EncodeToString(digest.Keyed(secret, purpose+string(salt))[:20])
}

const (
	ResetLimit = time.Hour // how long a reset's link works after its mail went out, by the database's clock
	MaxResets  = 3         // mails with such a link that a member gets within ResetLimit: strangers may ask for them too
)

// Reset is a link by which a member chooses a new password, and whose it is.
type Reset struct {
	Email, Name string
	State       LinkState
}

// ResetToken returns the secret of a reset's link.
func ResetToken(secret, salt []byte) string { return linkToken(secret, "reset:", salt) }
