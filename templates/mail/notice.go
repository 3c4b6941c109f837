package mail

import (
	"fmt"

	"tiebreak/internal/staff"
	"tiebreak/templates/ui"
)

// NoticeLetter tells a member what was done to their account. The link is where they look after it, or the one asked for.
func NoticeEmail(n staff.Notice, p ui.Page, link string) Email {
	l := newStaffEmail(p)
	l.Link = ui.Link{Words: "Open your account", Address: link}
	when := ui.Deadline(n.MadeAt, p.Promise)
	switch n.Kind {
	case staff.DeviceNotice:
		l.Subject = "A new sign-in to your account"
		l.Lines = []string{fmt.Sprintf("Your account at %s was used to sign in on %s. The browser was one that we do not know: %s.", p.Brand(), when, n.Browser)}
		l.After = "If it was you, you need not do anything. If it was not, change your password at once: that signs out all other browsers. " + lockedOut
	case staff.PasswordNotice:
		l.Subject = "Your password was changed"
		ended := "Sessions in other browsers have ended."
		if n.Browser == "" {
			ended = "You were signed out everywhere. If you had a second factor, it was taken away, recovery codes too: sign in with the new password, and set one up again."
		}
		l.Lines = []string{fmt.Sprintf("The password of your account at %s was changed on %s, %s.", p.Brand(), when, where(n)), ended}
		l.After = "If it was you, you need not do anything. If it was not, tell an admin of your team. " + lockedOut
	case staff.ResetNotice:
		l.Subject = "Choose a new password"
		l.Lines = []string{fmt.Sprintf("Somebody asked for a new password for your account at %s, on %s, %s.", p.Brand(), when, where(n))}
		l.Link.Words = "Choose a new password"
		l.After = fmt.Sprintf("The link works once, until %s %s. Whoever has it can use it, so keep it to yourself. If it was not you who asked, you need not do anything: your password stays as it is.",
			ui.DateTime(n.EndsAt, p.Promise), ui.ZoneName(n.EndsAt, p.Promise))
	case staff.GuessNotice:
		l.Subject = "Several wrong codes for your account"
		l.Lines = []string{fmt.Sprintf("Several wrong one-time codes were typed for your account at %s, the last one on %s, %s. Whoever did it has your password, or a browser in which you are signed in.", p.Brand(), when, where(n))}
		l.After = "If it was you, you need not do anything. If it was not, change your password at once: that signs out all other browsers."
	case staff.AdminNotice, staff.NoticeKind(staff.FactorRequired), staff.NoticeKind(staff.FactorOptional), staff.NoticeKind(staff.FactorsTaken):
		l.ofTeam(n.Kind, p.Brand(), when)
	default:
		l.Subject = factorWords[staff.ActKind(n.Kind)]
		l.Lines = []string{fmt.Sprintf("%s for your account at %s on %s, %s.", l.Subject, p.Brand(), when, where(n))}
		l.After = "If it was you, you need not do anything. If it was not, change your password at once, look at your second factors, and tell an admin of your team."
	}
	return l
}

// ofTeam tells what the admins of the team did.
func (l *Email) ofTeam(kind staff.NoticeKind, brand, when string) {
	switch kind {
	case staff.AdminNotice:
		l.Subject = "Your team has another admin"
		l.Lines = []string{fmt.Sprintf("Since %s one more member of the team of %s is an admin: they see all, erase leads, take lists away and change the team.", when, brand)}
		l.Link.Words = "Look at the team"
		l.After = "If no admin of your team knows of this, disable that member, change your password and look into the audit."
	case staff.NoticeKind(staff.FactorRequired):
		l.Subject = "Your team requires a second factor"
		l.Lines = []string{fmt.Sprintf("Since %s all members of %s need an authenticator app or a passkey beside their password. If you have none, you set one up at the next page that you open.", when, brand)}
	case staff.NoticeKind(staff.FactorOptional):
		l.Subject = "The second factor is optional now"
		l.Lines = []string{fmt.Sprintf("Since %s members of %s choose by themselves whether they keep a second factor. Yours stays as it is.", when, brand)}
		l.After = "If no admin of your team knows of this, change your password and look into the audit."
	case staff.NoticeKind(staff.FactorsTaken):
		l.Subject = "Your second factors were taken away"
		l.Lines = []string{fmt.Sprintf("An admin of your team took the second factors of your account at %s away on %s, recovery codes too. You were signed out everywhere: sign in with your password, and set up your new device.", brand, when)}
		l.After = "If you lost no device and asked nobody for this, change your password at once, and tell an admin of your team."
	}
}

// factorWords say what became of a member's second factors.
var factorWords = map[staff.ActKind]string{
	staff.AuthenticatorAdded:   "An authenticator app was set up",
	staff.AuthenticatorRemoved: "The authenticator app was removed",
	staff.PasskeyMade:          "A passkey was added",
	staff.PasskeyRemoved:       "A passkey was removed",
	staff.RecoveryUsed:         "A recovery code was used",
	staff.RecoveryRenewed:      "New recovery codes were made",
}

const lockedOut = "If you cannot sign in any more, follow “Forgot your password?” on the page where you sign in."

// where it was done.
func where(n staff.Notice) string {
	if n.Browser == "" {
		return "from the command line of the site"
	}
	return "in the browser " + n.Browser
}
