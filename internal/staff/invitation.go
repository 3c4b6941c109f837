package staff

import (
	"fmt"
	"time"

	"tiebreak/internal/email"
	"tiebreak/internal/fault"
)

// InvitationLimit is how long an invitation's link works, by the database's clock.
const InvitationLimit = 7 * 24 * time.Hour

// Invitation asks someone to become a member.
type Invitation struct {
	ID       int64
	Email    string // "" once it is used or withdrawn
	Role     Role
	By       string // the name of the admin
	MadeAt   time.Time
	EndsAt   time.Time
	State    LinkState
	SentAt   *time.Time // when its mail went out
	Dropped  bool       // its mail will not go out: the site was restored from a backup in between
	Attempts int        // to send it
	Problem  string     // of the last one, "" if it went out
	Code     int        // the mail server's
	Salt     []byte     // of its link
}

// ErrInvitationUsed refuses to withdraw an invitation that has made a member.
var ErrInvitationUsed = fmt.Errorf("the invitation has been used: %w", fault.Conflict)

// NewInvitation is what it takes to invite someone.
type NewInvitation struct {
	Email string
	Role  Role
	Salt  []byte
}

// Invite returns an invitation with a fresh salt.
func Invite(address string, role Role) NewInvitation {
	return NewInvitation{Email: email.Clean(address), Role: role, Salt: NewSalt()}
}

// Check returns what has to be corrected, in the order of the form, or nil.
func (n NewInvitation) Check() fault.Invalid {
	wrong := CheckAddress(n.Email)
	if ranks[n.Role] == 0 {
		wrong = append(wrong, fault.Field{Name: "role", Message: "Choose reader, editor or admin."})
	}
	return wrong
}

// CheckAddress returns what is wrong with an email address as typed, or nil.
func CheckAddress(typed string) fault.Invalid {
	if problem := email.Problem(email.Clean(typed)); problem != "" {
		return fault.Invalid{{Name: "email", Message: problem}}
	}
	return nil
}

// InvitationToken returns the secret of an invitation's link.
func InvitationToken(secret, salt []byte) string { return linkToken(secret, "invitation:", salt) }
