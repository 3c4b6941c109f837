// Package staff holds the people who answer leads and keep the guides true: members, their passwords and sessions.
package staff

import (
	"fmt"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Member is someone of the staff.
type Member struct {
	ID       int64
	Email    string
	Name     string
	Role     Role
	Disabled bool // can neither sign in nor be given leads
}

// TeamMember is a member as the team's list shows them.
type TeamMember struct {
	Member
	SeenAt   *time.Time // nil: never
	Sessions int        // browsers in which they are signed in now
	Factor   bool       // they have a second factor
	Problem  string     // that stopped the last notice to them, a word of lead.Problem; "" if it went out
	Code     int        // of the mail server, 0 without one
}

// IsActiveAdmin reports whether the member is an admin who can sign in. There is always one.
func (m Member) IsActiveAdmin() bool { return m.Role == Admin && !m.Disabled }

// ErrLastAdmin refuses a change after which nobody could change the team any more.
var ErrLastAdmin = fmt.Errorf("the last active admin: %w", fault.Conflict)

// Role says what a member may do. Each role may do all that the one before it may.
type Role string

const (
	Reader Role = "reader" // reads
	Editor Role = "editor" // + leads and guides
	Admin  Role = "admin"  // + team, promise, erase, export, tokens
)

var ranks = map[Role]int{Reader: 1, Editor: 2, Admin: 3}

// AtLeast reports whether r may do what the role asked for may.
func (r Role) AtLeast(asked Role) bool { return ranks[r] >= ranks[asked] && ranks[r] > 0 }

// ParseRole reads a role's name.
func ParseRole(name string) (Role, error) {
	if role := Role(name); ranks[role] > 0 {
		return role, nil
	}
	return "", fmt.Errorf("%q is not a role: use reader, editor or admin", name)
}

// NewMember is what it takes to become a member.
type NewMember struct {
	Email, Name, Password string
	Role                  Role
}

// maxName bounds a member's name, in characters.
const maxName = 100

// Check returns what has to be corrected, in the order of the form, or nil; the site's names do not count in a password.
func (n NewMember) Check(site ...string) fault.Invalid {
	var wrong fault.Invalid
	switch {
	case text.IsBlank(n.Name):
		wrong.Add("name", "Enter the name that your team will see.")
	case utf8.RuneCountInString(n.Name) > maxName:
		wrong.Add("name", fmt.Sprintf("A name can have up to %d characters. Shorten it.", maxName))
	}
	wrong = append(wrong, CheckAddress(n.Email)...)
	return append(wrong, CheckPassword(n.Password, append(site, n.Name, n.Email)...)...)
}
