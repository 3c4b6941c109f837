// Package admin holds the staff pages about the team, the audit log and the promise.
package admin

import (
	"fmt"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// roles are in rising order, with what each may do.
var roles = []struct {
	Role  staff.Role
	Means string
}{
	{staff.Reader, "can see leads, email, guides and insights"},
	{staff.Editor, "can also reply, assign leads, and edit templates, guides and facts"},
	{staff.Admin, "can also erase and export leads, and manage the site, the promise and the team"},
}

// factored says how many of those who can sign in have a second factor, and how many lack one.
func factored(team []staff.TeamMember) string {
	with, without := 0, 0
	for _, m := range team {
		switch {
		case m.Disabled:
		case m.Factor:
			with++
		default:
			without++
		}
	}
	if without == 0 {
		return "All active members have two-step sign-in."
	}
	if with == 0 {
		return "Nobody has two-step sign-in yet."
	}
	has := "have"
	if with == 1 {
		has = "has"
	}
	return fmt.Sprintf("%d of %d active members %s two-step sign-in.", with, with+without, has)
}

// mailOf says how an invitation's mail fares.
func mailOf(i staff.Invitation, p lead.Promise) string {
	switch {
	case i.SentAt != nil:
		return "Sent " + ui.DateTime(*i.SentAt, p)
	case i.Attempts == 0:
		return "Waiting to be sent"
	}
	return fmt.Sprintf("Not sent after %s: %s", ui.Count(i.Attempts, "attempt", "attempts"),
		ui.MailProblem(lead.Problem(i.Problem), i.Code))
}
