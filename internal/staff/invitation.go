package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
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
	State    InvitationState
	SentAt   *time.Time // when its mail went out
	Attempts int        // to send it that failed
	Problem  string     // of the last one
	Code     int        // the mail server's
}

// InvitationState is where an invitation stands.
type InvitationState string

const (
	Open      InvitationState = "open"
	Used      InvitationState = "used"
	Withdrawn InvitationState = "withdrawn"
	Expired   InvitationState = "expired"
)

// NewInvitation is what it takes to invite somebody.
type NewInvitation struct {
	Email string
	Role  Role
	Salt  []byte
}

// Invite is an invitation with a fresh salt.
func Invite(email string, role Role) NewInvitation {
	n := NewInvitation{Email: email, Role: role, Salt: make([]byte, 32)}
	_, _ = rand.Read(n.Salt) // never fails
	return n
}

// Check returns what has to be corrected, in the order of the form, or nil.
func (n NewInvitation) Check() fault.Invalid {
	var wrong fault.Invalid
	if !goodAddress(n.Email) {
		wrong = append(wrong, fault.Field{Name: "email", Message: wrongAddress})
	}
	if ranks[n.Role] == 0 {
		wrong = append(wrong, fault.Field{Name: "role", Message: "Choose reader, editor or admin."})
	}
	return wrong
}

const wrongAddress = "Enter an e-mail address such as name@example.org."

func goodAddress(email string) bool {
	address, err := mail.ParseAddress(email)
	return err == nil && address.Address == email
}

// InvitationToken is the secret of an invitation's link. It can be made again when the mail is sent, and only by who has the
// site's secret too.
func InvitationToken(secret, salt []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("invitation:"))
	mac.Write(salt)
	return base32.StdEncoding.EncodeToString(mac.Sum(nil)[:20])
}
