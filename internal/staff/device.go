package staff

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// NewDevice is what a browser keeps once a member has signed in with it, so that it is known the next time: one a session,
// however often it is asked for, and signed together with the member's address and the hash of their password. With another
// password it is worth nothing.
func NewDevice(secret []byte, session int64, email, passwordHash string) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "device of session %d", session)
	device := base32.StdEncoding.EncodeToString(mac.Sum(nil)[:20])
	return device + "." + signDevice(secret, device, email, passwordHash)
}

// KnownDevice is the first part of what a browser keeps, or "" if it is not of this member.
func KnownDevice(secret []byte, kept, email, passwordHash string) string {
	device, signature, _ := strings.Cut(kept, ".")
	if passwordHash == "" || !hmac.Equal([]byte(signature), []byte(signDevice(secret, device, email, passwordHash))) {
		return ""
	}
	return device
}

func signDevice(secret []byte, device, email, passwordHash string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("device:" + device + "\x00" + strings.ToLower(strings.TrimSpace(email)) + "\x00" + passwordHash))
	return hex.EncodeToString(mac.Sum(nil))
}
