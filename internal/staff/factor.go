package staff

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Limits of the second factor. The database's clock decides.
const (
	PendingSignInLimit = 10 * time.Minute // from the password to the second factor
	ReauthLimit        = 10 * time.Minute // from a re-authentication to the changes that ask for one
)

// Factors are the second factors of a member.
type Factors struct {
	Authenticator *time.Time // since when an app shows codes for them; nil without one
	Passkeys      []Passkey
	RecoveryCodes int // that are left
}

// Any reports whether there is one. Recovery codes alone do not count: they only stand in for one.
func (f Factors) Any() bool { return f.Authenticator != nil || len(f.Passkeys) > 0 }

// Passkey is a key that a device of the member's holds.
type Passkey struct {
	ID         int64
	Name       string // such as "Firefox on Linux"
	MadeAt     time.Time
	UsedAt     *time.Time
	Credential webauthn.Credential
}

// RecoveryCodes is how many a member gets at once.
const RecoveryCodes = 8

// NewRecoveryCodes returns fresh codes as the member keeps them. Those of 112 bits and more may be stored under a plain
// digest (OWASP ASVS 5.0, 6.5.2): these have the 130 of a token.
func NewRecoveryCodes() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		codes[i] = inFours(NewToken(), "-")
	}
	return codes
}

// inFours parts the text into groups of four, for eyes and fingers.
func inFours(text, between string) string {
	var groups []string
	for group := range slices.Chunk([]byte(text), 4) {
		groups = append(groups, string(group))
	}
	return strings.Join(groups, between)
}

// RecoveryDigest returns how a code is stored and looked up, however it was typed.
func RecoveryDigest(code string) []byte {
	code = strings.ReplaceAll(text.Numeric(code), "-", " ")
	return Digest(strings.ToUpper(strings.Join(strings.Fields(code), "")))
}

// Credential is what a member gives to re-authenticate: one of these. The password counts only without a second factor.
type Credential struct {
	Code         string         // that their authenticator shows
	RecoveryCode string         // as typed
	Passkey      *PasskeyAnswer // checked already; its challenge is still to be spent
	PasswordHash string         // that the password typed was found to match
}

// Rotation is what comes with a change of second factors: another token for the session that asks, and recovery codes for a
// member without any; all as they are stored.
type Rotation struct {
	OldToken, NewToken []byte
	RecoveryCodes      [][]byte
}

// NewRotation returns what to store when the session whose token has the old digest gets the new token.
func NewRotation(oldToken []byte, newToken string, recoveryCodes []string) Rotation {
	r := Rotation{OldToken: oldToken, NewToken: Digest(newToken)}
	for _, code := range recoveryCodes {
		r.RecoveryCodes = append(r.RecoveryCodes, RecoveryDigest(code))
	}
	return r
}

// ErrWrongCode refuses to put an authenticator in force that does not show the code.
var ErrWrongCode = errors.New("not a code of the authenticator")

// ErrFactorRequired refuses to take away the last second factor of a member whose team requires one.
var ErrFactorRequired = fmt.Errorf("the team requires a second factor: %w", fault.Conflict)
