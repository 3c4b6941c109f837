package mail

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// NoticeEmail tells a member what was done to their account. The link is where they look after it, or the one asked for.
func NoticeEmail(n staff.Notice, p ui.Page, link string) Email {
	l := newStaffEmail(p)
	l.Link = ui.Link{Words: "Open your account", Address: link}
	when := ui.Deadline(n.MadeAt, p.Promise)
	switch n.Kind {
	case staff.DeviceNotice:
		l.Subject = "A new sign-in to your account"
		l.Lines = []string{fmt.Sprintf("Someone signed in to your account at %s on %s. The browser is new to us: %s.", p.Brand(),
			when, n.Browser)}
		l.After = "If this was you, ignore this email. If not, change your password now. That signs out all other browsers. " +
			lockedOut
	case staff.PasswordNotice:
		l.Subject = "Your password was changed"
		ended := "All other browsers were signed out."
		if n.Browser == "" {
			ended = "You were signed out everywhere. If you used two-step sign-in, it was reset, including your recovery " +
				"codes. Sign in with the new password and set it up again."
		}
		l.Lines = []string{
			fmt.Sprintf("The password of your account at %s was changed on %s, %s.", p.Brand(), when, where(n)),
			ended,
		}
		l.After = "If this was you, ignore this email. If not, tell an admin of your team now. " + lockedOut
	case staff.ResetNotice:
		l.Subject = "Choose a new password"
		l.Lines = []string{fmt.Sprintf("Someone asked for a new password for your account at %s on %s, %s.", p.Brand(), when,
			where(n))}
		l.Link.Words = "Choose a new password"
		l.After = worksOnce(n.EndsAt, p) + "If you did not ask for it, ignore this email. Your password stays as it is."
	case staff.GuessNotice:
		l.Subject = "Several wrong codes for your account"
		l.Lines = []string{fmt.Sprintf("Someone entered several wrong one-time codes for your account at %s, the last one on "+
			"%s, %s. They have your password or access to a browser where you are signed in.", p.Brand(), when, where(n))}
		l.After = "If this was you, ignore this email. If not, change your password now. That signs out all other browsers."
	case staff.AdminNotice, staff.InboxNotice, staff.NoticeKind(staff.FactorRequired), staff.NoticeKind(staff.FactorOptional),
		staff.NoticeKind(staff.FactorsReset):
		l.ofTeam(n, p.Brand(), when)
	default:
		l.Subject = factorWords[staff.ActKind(n.Kind)]
		l.Lines = []string{fmt.Sprintf("%s for your account at %s on %s, %s.", l.Subject, p.Brand(), when, where(n))}
		l.After = "If this was you, ignore this email. If not, change your password now, check your two-step sign-in and tell " +
			"an admin of your team."
	}
	return l
}

// ofTeam tells what the admins of the team did, and what waits for the team.
func (l *Email) ofTeam(n staff.Notice, brand, when string) {
	switch n.Kind {
	case staff.InboxNotice:
		l.Subject = "An email waits in the inbox of " + brand
		l.Lines = []string{fmt.Sprintf("It arrived on %s and does not belong to a lead, so it has no deadline. Add it to a "+
			"lead, make a lead of it, or dismiss it.", when)}
		l.Facts = []Fact{
			{"From", cmp.Or(short(n.Sender), "an unknown sender")}, {"Subject", cmp.Or(short(n.Subject), "No subject")},
		}
		l.Link.Words = "Open the inbox"
	case staff.AdminNotice:
		l.Subject = "Your team has another admin"
		l.Lines = []string{fmt.Sprintf("On %s another member of the team of %s became an admin. Admins can see everything, "+
			"erase and export leads, and manage the team.", when, brand)}
		l.Link.Words = "Open the Team page"
		l.After = "If no admin of your team knows about this, disable that member, change your password and check the audit."
	case staff.NoticeKind(staff.FactorRequired):
		l.Subject = "Your team requires two-step sign-in"
		l.Lines = []string{fmt.Sprintf("Since %s, all members of %s need an authenticator app or a passkey besides their "+
			"password. If you have none, you must set one up the next time you open a page.", when, brand)}
	case staff.NoticeKind(staff.FactorOptional):
		l.Subject = "Two-step sign-in is now optional"
		l.Lines = []string{fmt.Sprintf("Since %s, members of %s can choose whether to use two-step sign-in. Yours "+
			"stays as it is.", when, brand)}
		l.After = "If no admin of your team knows about this, change your password and check the audit."
	case staff.NoticeKind(staff.FactorsReset):
		l.Subject = "Your two-step sign-in was reset"
		l.Lines = []string{fmt.Sprintf("An admin of your team reset the two-step sign-in of your account at %s on %s, "+
			"including your recovery codes. You were signed out everywhere. Sign in with your password and set up your "+
			"new device.", brand, when)}
		l.After = "If you did not ask for this, change your password now and tell an admin of your team."
	}
}

// factorWords say what became of a member's second factors.
var factorWords = map[staff.ActKind]string{
	staff.AuthenticatorAdded:   "An authenticator app was set up",
	staff.AuthenticatorRemoved: "The authenticator app was removed",
	staff.PasskeyAdded:         "A passkey was added",
	staff.PasskeyRemoved:       "A passkey was removed",
	staff.RecoveryUsed:         "A recovery code was used",
	staff.RecoveryRenewed:      "New recovery codes were created",
}

const lockedOut = "If you can no longer sign in, use “Forgot your password?” on the sign-in page."

// where it was done.
func where(n staff.Notice) string {
	if n.Browser == "" {
		return "from the command line of the server"
	}
	if rest, unknown := strings.CutPrefix(n.Browser, "Unknown browser"); unknown {
		return "in an unknown browser" + rest
	}
	return "in the browser " + n.Browser
}

// InvitationEmail asks someone to become a member by the link.
func InvitationEmail(i staff.Invitation, p ui.Page, link string) Email {
	l := newStaffEmail(p)
	l.Subject = "Join the " + p.Brand() + " team"
	l.Lines = []string{fmt.Sprintf("%s invites you to join %s as %s: %s.", i.By, p.Brand(), ui.RoleWithArticle(i.Role),
		ui.RoleMeaning(i.Role))}
	l.Link = ui.Link{Words: "Choose your name and password", Address: link}
	l.After = worksOnce(i.EndsAt, p) + "If you don’t know what this is about, ignore this email."
	return l
}

// worksOnce warns of a one-time link, and ends with a space.
func worksOnce(until time.Time, p ui.Page) string {
	return fmt.Sprintf("The link works once, until %s %s. Anyone with this link can use it, so don’t share it. ",
		ui.DateTime(until, p.Promise), ui.ZoneName(until, p.Promise))
}

// newStaffEmail returns an empty email from the site to a member.
func newStaffEmail(p ui.Page) Email {
	return Email{Brand: p.Brand(), Sender: p.Brand(), Small: signature(p.Brand(), p.Home, p.Site.Contact)}
}

// signature says who writes: the site and its address, and those of the other lines that are not empty.
func signature(brand, home string, lines ...string) []string {
	known := slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	return slices.Insert(known, 0, brand+", "+home)
}
