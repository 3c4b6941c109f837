package lead

import "time"

// MailboxProblem is why the mailbox cannot be read.
type MailboxProblem string

// The problems.
const (
	MailboxUnreachable MailboxProblem = "unreachable" // no connection, or it breaks off
	MailboxInsecure    MailboxProblem = "insecure"    // no TLS to be had, or a certificate that is not valid
	MailboxRefused     MailboxProblem = "refused"     // the server does not accept the user or the password
	MailboxMissing     MailboxProblem = "missing"     // there is no such folder
	MailboxOther       MailboxProblem = "other"       // the log says what
)

// mailboxPatience is how long the mailbox may be unreadable before staff are told: servers are restarted.
const mailboxPatience = 2 * time.Minute

// MailboxLost reports whether staff have to know that the mailbox cannot be read.
func (q Queue) MailboxLost() bool {
	return q.MailboxProblem == MailboxUnreachable && q.MailboxFailing > mailboxPatience ||
		q.MailboxProblem != "" && q.MailboxProblem != MailboxUnreachable
}

// ProblemOfBounce returns why a delivery was sent back, by the enhanced status code that the other mail server gave (RFC 3463).
func ProblemOfBounce(status string) Problem {
	switch status {
	case "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10":
		return UnknownAddress
	case "5.2.2":
		return FullMailbox
	case "5.2.1", "5.1.0", "5.4.1":
		return RefusedAddress
	}
	return Returned
}

// InboxLine is an email that no lead claims, as the inbox lists it.
type InboxLine struct {
	ID            int64
	At            time.Time
	SenderName    string
	SenderAddress string
	Subject       string
	Text          string // the first words
}
