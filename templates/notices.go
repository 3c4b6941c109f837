package templates

import (
	"fmt"

	"tiebreak/internal/staff"
)

// NoticeLetter tells a member what was done to their account. The link is where they look after it.
func NoticeLetter(n staff.Notice, p Page, link string) Letter {
	l := p.letter()
	l.Link = Link{"Open your account", link}
	when := byThen(n.MadeAt, p.Promise)
	switch n.Kind {
	case staff.DeviceNotice:
		l.Subject = "A new sign-in to your account"
		l.Lines = []string{fmt.Sprintf("Your account at %s was used to sign in on %s. The browser was one that we do not know: %s.", p.Brand(), when, n.Browser)}
		l.After = "If it was you, you need not do anything. If it was not, change your password at once: that signs out all other browsers. " + lockedOut
	case staff.PasswordNotice:
		l.Subject = "Your password was changed"
		l.Lines = []string{fmt.Sprintf("The password of your account at %s was changed on %s, %s.", p.Brand(), when, where(n)), "All other browsers are signed out."}
		l.After = "If it was you, you need not do anything. If it was not, tell an admin of your team. " + lockedOut
	}
	return l
}

const lockedOut = "If you cannot sign in any more, ask who runs this site for a new password."

// where it was done.
func where(n staff.Notice) string {
	if n.Browser == "" {
		return "from the command line of the site"
	}
	return "in the browser " + n.Browser
}
