package templates

import (
	"fmt"

	"tiebreak/internal/staff"
)

// InvitationLetter asks somebody to become a member by the link.
func InvitationLetter(i staff.Invitation, p Page, link string) Letter {
	l := newLetter(p)
	l.Subject = "Join the team of " + p.Brand()
	l.Lines = []string{fmt.Sprintf("%s invites you to join %s as %s: %s.", i.By, p.Brand(), article(i.Role), means(i.Role))}
	l.Link = Link{"Choose a name and a password", link}
	l.After = fmt.Sprintf("The link works once, until %s %s. Anyone with this link can use it, so don’t share it. If you don’t know what this is about, ignore this mail.",
		moment(i.EndsAt, p.Promise), zone(i.EndsAt, p.Promise))
	return l
}

// newLetter returns one from the site itself, to somebody of the staff.
func newLetter(p Page) Letter {
	l := Letter{Brand: p.Brand(), Sender: p.Brand(), Small: []string{p.Brand() + ", " + p.Home}}
	if p.Site.Contact != "" {
		l.Small = append(l.Small, p.Site.Contact)
	}
	return l
}
