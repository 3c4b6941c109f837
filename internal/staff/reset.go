package staff

import "time"

const (
	// ResetLimit is how long the link is good by which a member chooses a new password, from when its mail goes out. The
	// database's clock decides.
	ResetLimit = time.Hour
	// MaxResets is how many mails with such a link a member gets within ResetLimit: strangers may ask for them too.
	MaxResets = 3
)

// Reset is such a link, and whose it is.
type Reset struct {
	Email, Name string
	State       LinkState
}

// ResetToken is the secret of a reset's link.
func ResetToken(secret, salt []byte) string { return linkToken(secret, "reset:", salt) }
