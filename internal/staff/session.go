package staff

import (
	"crypto/rand"
	"fmt"
	"time"

	"tiebreak/internal/digest"
	"tiebreak/internal/fault"
)

// A session ends after IdleLimit without a request, and after AbsoluteLimit in any case. The database's clock decides.
const (
	IdleLimit     = 24 * time.Hour
	AbsoluteLimit = 7 * 24 * time.Hour
)

// Session is a browser in which a member is signed in.
type Session struct {
	ID             int64
	Browser        string // a plain word for it
	MadeAt, SeenAt time.Time
	This           bool // it is the one that asks
}

// NewSession is a browser that signs in.
type NewSession struct {
	TokenDigest []byte
	Replaces    []byte // digest of the token of the session that ends, nil for none
	Browser     string // a plain word for it
	Recovered   bool   // a recovery code was used
}

// Principal is a member who is signed in, or whose sign-in is pending, as a request finds them.
type Principal struct {
	Member
	Session         int64 // 0 while the sign-in is pending
	MustAddFactor   bool  // the team requires a second factor and they have none
	Reauthenticated bool  // within ReauthLimit
}

// ErrPendingSignIn says that a session opens nothing yet: the password was right, and the second factor has not been given.
var ErrPendingSignIn = fmt.Errorf("the second factor is pending: %w", fault.NotFound)

// NewToken returns a fresh secret for a session or a one-time link: 130 random bits.
func NewToken() string { return rand.Text() }

// Digest returns how a token is stored: someone who reads the table cannot sign in with it. The token is random, so one
// round of SHA-256 without a salt is enough.
func Digest(token string) []byte { return digest.Of(token) }
