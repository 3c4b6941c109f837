package staff

import (
	"fmt"
	"net/mail"
	"time"

	"tiebreak/internal/fault"
)

// InvitationLimit is how long an invitation's link is good. The database's clock decides.
const InvitationLimit = 7 * 24 * time.Hour

// Invitation asks somebody to become a member.
type Invitation struct {
	ID       int64
	Email    string // "" once it is used or withdrawn
	Role     Role
	By       string // the name of the admin
	MadeAt   time.Time
	EndsAt   time.Time
	State    LinkState
	SentAt   *time.Time // when its mail went out
	Attempts int        // to send it that failed
	Problem  string     // of the last one
	Code     int        // the mail server's
}

// ErrInvitationUsed refuses to withdraw an invitation that has made a member.
var ErrInvitationUsed = fmt.Errorf("the invitation has been used: %w", fault.Conflict)

// NewInvitation is what it takes to invite somebody.
type NewInvitation struct {
	Email string
	Role  Role
	Salt  []byte
}

// Invite is an invitation with a fresh salt.
func Invite(email string, role Role) NewInvitation {
	return NewInvitation{Email: email, Role: role, Salt: NewSalt()}
}

// Check returns what has to be corrected, in the order of the form, or nil.
func (n NewInvitation) Check() fault.Invalid {
	wrong := CheckAddress(n.Email)
	if ranks[n.Role] == 0 {
		wrong = append(wrong, fault.Field{Name: "role", Message: "Choose reader, editor or admin."})
	}
	return wrong
}

// maxAddress is how long a mail server lets an address be, in bytes (RFC 5321, 4.5.3.1.3).
const maxAddress = 254

// CheckAddress returns what is wrong with an e-mail address, or nil.
func CheckAddress(email string) fault.Invalid {
	if address, err := mail.ParseAddress(email); err != nil || address.Address != email || len(email) > maxAddress {
		return fault.Invalid{{Name: "email", Message: "Enter an e-mail address such as name@example.org."}}
	}
	return nil
}

// InvitationToken is the secret of an invitation's link.
func InvitationToken(secret, salt []byte) string { return linkToken(secret, "invitation:", salt) }
