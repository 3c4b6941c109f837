package doctor

import (
	"context"
	"fmt"

	"tiebreak/internal/health"
	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// checkMailServer signs in to the mail server, and sends nothing.
func (d *Doctor) checkMailServer(ctx context.Context) health.Finding {
	if d.MailServer == nil {
		return health.Warn("No mail server is set: emails are written to files.", "Set TIEBREAK_SMTP_URL to send them.")
	}
	tried := d.MailServer(ctx)
	if tried.Problem == "" {
		return health.Good(fmt.Sprintf("The mail server %s accepts our connection.", tried.Server))
	}
	cause := ui.MailProblem(tried.Problem, tried.Code)
	if tried.Problem == lead.Silent {
		cause = fmt.Sprintf("it did not answer within %.0f seconds", checkTime.Seconds())
	}
	return health.Fail(fmt.Sprintf("The mail server %s cannot be used: %s.", tried.Server, cause),
		serverAdvice(tried.Problem)+" This prints the whole conversation: tiebreak mail test ADDRESS.")
}

// serverAdvice says what to do about a mail server with the problem.
func serverAdvice(p lead.Problem) string {
	switch p {
	case lead.UnknownServer:
		return "Correct the name in TIEBREAK_SMTP_URL, or check that this machine can use DNS."
	case lead.ClosedPort:
		return "Check the port in TIEBREAK_SMTP_URL, and that the mail server runs."
	case lead.Silent, lead.Unreachable:
		return "Check the name and the port in TIEBREAK_SMTP_URL, and that no firewall is between. Port 465 needs smtps://."
	case lead.Insecure:
		return "Set TIEBREAK_SMTP_URL to a name that is in the server's certificate, and a port that fits: smtp:// often has " +
			"587, smtps:// has 465."
	case lead.NoSignIn, lead.WrongSignIn, lead.RefusedConnection:
		return "Check the user and the password in TIEBREAK_SMTP_URL. Write special characters as in any URL: %40 is @."
	}
	return "Check TIEBREAK_SMTP_URL."
}

// checkMailbox signs in to the mailbox, and reads nothing.
func (d *Doctor) checkMailbox(ctx context.Context) health.Finding {
	if d.Mailbox == nil {
		return health.Skipped("No mailbox for incoming email is set.", "")
	}
	if problem := d.Mailbox(ctx); problem != "" {
		return health.Fail("Incoming email cannot be read.", ui.MailboxProblem(problem))
	}
	return health.Good("The mailbox for incoming email can be read.")
}

// fromQueue returns a check that judges the emails that are not sent.
func (d *Doctor) fromQueue(judge func(lead.Queue) health.Finding) func(context.Context) health.Finding {
	return func(ctx context.Context) health.Finding {
		if d.DB == nil {
			return health.Skipped(noDatabase, seeDatabase)
		}
		queue, err := d.DB.Probes().Queue(ctx)
		if err != nil {
			return unread(err)
		}
		return judge(queue)
	}
}

// The staff page of emails that are not sent.
const (
	outgoing     = "/staff/deliveries"
	outgoingName = "Outgoing email"
)

// Emails returns what is wrong with emails that are not sent and with the mailbox, and what is right.
func Emails(q lead.Queue) []health.Finding {
	return []health.Finding{EmailOnHold(q), EmailWaiting(q), mailboxReading(q), EmailFailed(q)}
}

// EmailWaiting judges how long emails have waited.
func EmailWaiting(q lead.Queue) health.Finding {
	if !q.Late() {
		return health.Good("Emails go out in time.")
	}
	advice := outgoingName + " says why."
	if q.Unserved > 0 {
		advice = text.Capitalise(ui.MailProblem(q.ServerProblem, 0)) + ". Check TIEBREAK_SMTP_URL."
	}
	return health.Fail(fmt.Sprintf("%s waiting, the oldest for %s.",
		ui.Count(q.Waiting, "email is", "emails are"), ui.RoughDuration(q.Oldest)), advice).On(outgoing, outgoingName)
}

// EmailFailed judges the emails that were given up and that nobody has dealt with. It names nobody: every staff page shows it.
func EmailFailed(q lead.Queue) health.Finding {
	switch {
	case q.Failed == 0:
		return health.Good("No email has failed that nobody has dealt with.")
	case q.Failed > q.Single:
		return health.Fail(ui.Count(q.Failed, "email failed", "emails failed")+": the mail server does not take our email.",
			"Check TIEBREAK_SMTP_URL and TIEBREAK_MAIL_FROM.").On(outgoing, outgoingName)
	case q.Failed == 1 && q.FailedKind.ToProspect():
		return health.Warn("One email could not be delivered.", fmt.Sprintf("The one to the prospect about %s: %s.",
			q.FailedLead, ui.MailProblem(q.FailedProblem, 0))).On("/staff/leads/"+q.FailedLead, "Open the lead")
	case q.Failed == 1:
		return health.Warn("One email could not be delivered.", fmt.Sprintf("The one to your team about %s: %s.",
			q.FailedLead, ui.MailProblem(q.FailedProblem, 0))).On(outgoing, outgoingName)
	}
	return health.Warn(ui.Count(q.Failed, "email", "emails")+" could not be delivered.",
		outgoingName+" says why.").On(outgoing, outgoingName)
}

// EmailOnHold judges the emails that wait for a decision since a restore.
func EmailOnHold(q lead.Queue) health.Finding {
	if q.OnHold == 0 {
		return health.Good("No email is on hold.")
	}
	return health.Fail(
		ui.Count(q.OnHold, "email is", "emails are")+" on hold since this site was restored from a backup.",
		"None goes out until someone decides on "+outgoingName+".").On(outgoing, outgoingName)
}

// mailboxReading judges whether the running site can read the mailbox.
func mailboxReading(q lead.Queue) health.Finding {
	if !q.MailboxLost() {
		return health.Good("Incoming email can be read.")
	}
	return health.Fail("Incoming email cannot be read.",
		ui.MailboxProblem(q.MailboxProblem)+" Emails wait in the mailbox until then, and none is lost.").
		On(outgoing, outgoingName)
}
