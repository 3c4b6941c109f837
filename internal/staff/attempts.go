package staff

import (
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"tiebreak/internal/email"
)

// Bounds of what one network address may try at the door, in failures. An account that many strangers try at is not locked:
// each address has a few tries then, so that its owner gets in and a crowd of strangers gets nowhere.
const (
	MaxFromClient = 10               // within AttemptSpan, for any account
	MaxAtAccount  = 30               // within AttemptSpan, from anywhere; above it a client has MaxWhileTried
	MaxWhileTried = 3                // failures of one client at an account that many try at
	MaxCodes      = 10               // within AttemptSpan, at the one-time codes of one member, from anywhere: a code is short, and who guesses has the password
	GuessesTold   = 5                // wrong codes within an hour, of which the member is told
	AttemptSpan   = 15 * time.Minute // over which failures count
)

// Attempts are the failures of the last AttemptSpan, this attempt not counted.
type Attempts struct {
	FromClient int // of the client's network address, at any account
	AtAccount  int // at the account, from anywhere
	Both       int // of the client at the account
}

// TooMany reports whether the attempt is refused before its password is looked at.
func (a Attempts) TooMany() bool {
	return a.FromClient >= MaxFromClient || a.AtAccount >= MaxAtAccount && a.Both >= MaxWhileTried
}

// TooManyCodes is TooMany for one-time codes, which only who has the password is asked for.
func (a Attempts) TooManyCodes() bool { return a.AtAccount >= MaxCodes }

// TooManyOfBoth is TooMany for what nobody can guess, so that what others fail at elsewhere keeps no owner out.
func (a Attempts) TooManyOfBoth() bool { return a.Both >= MaxFromClient }

// AccountDigest names an account by the address that was typed, without keeping it.
func AccountDigest(secret []byte, address string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("account:" + email.Key(address)))
	return mac.Sum(nil)
}
