package mail

import (
	"fmt"

	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// InvitationEmail asks somebody to become a member by the link.
func InvitationEmail(i staff.Invitation, p ui.Page, link string) Email {
	l := newStaffEmail(p)
	l.Subject = "Join the team of " + p.Brand()
	l.Lines = []string{fmt.Sprintf("%s invites you to join %s as %s: %s.", i.By, p.Brand(), ui.RoleWithArticle(i.Role),
		ui.RoleMeaning(i.Role))}
	l.Link = ui.Link{Words: "Choose your name and password", Address: link}
	l.After = fmt.Sprintf("The link works once, until %s %s. Anyone with this link can use it, so don’t share it. If you "+
		"don’t know what this is about, ignore this email.",
		ui.DateTime(i.EndsAt, p.Promise), ui.ZoneName(i.EndsAt, p.Promise))
	return l
}

// newStaffEmail returns an empty email from the site to a member.
func newStaffEmail(p ui.Page) Email {
	l := Email{Brand: p.Brand(), Sender: p.Brand(), Small: []string{p.Brand() + ", " + p.Home}}
	if p.Site.Contact != "" {
		l.Small = append(l.Small, p.Site.Contact)
	}
	return l
}
