package staff

import (
	"fmt"
	"time"
)

// Throttle refuses attempts after Limit failures under Key within Window.
type Throttle struct {
	Key    string
	Limit  int
	Window time.Duration
}

// Limits of failed attempts.
const (
	MaxFailures     = 10
	ThrottleWindow  = 15 * time.Minute
	GuessesNotified = 5 // wrong codes within an hour, after which the member is told by mail
)

// SignInThrottle names the throttles of sign-ins by password. There is one for each client, but not for each account:
// strangers could lock its owner out with that.
const SignInThrottle = "sign-in"

// NewThrottle returns the throttle for attempts of the kind by the client, session or member that the ids name. An id is a
// number or a digest, nothing that was typed.
func NewThrottle(kind string, ids ...any) Throttle {
	key := kind
	for _, id := range ids {
		key += fmt.Sprint(":", id)
	}
	return Throttle{Key: key, Limit: MaxFailures, Window: ThrottleWindow}
}
