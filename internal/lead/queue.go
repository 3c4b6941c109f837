package lead

import (
	"slices"
	"time"
)

// Queue counts the deliveries about leads that are not sent, and tells how incoming email is doing.
type Queue struct {
	Waiting  int
	Failing  int           // of those waiting: tried and not yet sent
	Failed   int           // given up
	Single   int           // of those given up: for a reason of their own, with a server that works
	OnHold   int           // since a restore, until a member decides
	Unserved int           // of those waiting: the mail server cannot be used
	Oldest   time.Duration // how long the oldest waits
	Stalled  time.Duration // how long the oldest waits of those that were not tried or did not come to be judged by a server

	ServerProblem Problem // why the mail server cannot be used

	// Of the email that was given up, if it is the only one.
	FailedLead    string // the reference of its lead
	FailedKind    DeliveryKind
	FailedProblem Problem

	Inbox          int // emails that no lead claims
	MailboxProblem MailboxProblem
	MailboxFailing time.Duration // how long the mailbox could not be read; 0 if it can
}

const (
	// maxStalled is how long nothing may go out before staff are told.
	maxStalled = 2 * time.Minute
	// maxDelay is how long a mail server may ask us to try later: many do with the first mail from a stranger.
	maxDelay = 15 * time.Minute
)

// ServerProblems stop every email until someone fixes the mail server, or the settings for it.
var ServerProblems = []Problem{
	UnknownServer, ClosedPort, Unreachable, Silent, BrokenOff, Insecure, NoSignIn, WrongSignIn, RefusedConnection,
}

// SingleMailProblems are the problems of single mails, with a server that works.
var SingleMailProblems = []Problem{Refused, Unconfirmed}

// SingleMailFailures are the reasons of their own for which single mails are given up, with a server that works.
var SingleMailFailures = append(slices.Clip(AddressProblems), RefusedMail, Unconfirmed)

// Late reports whether emails wait longer than their problem usually takes.
func (q Queue) Late() bool { return q.Stalled > maxStalled || q.Oldest > maxDelay }

// MailboxProblem is why the mailbox cannot be read.
type MailboxProblem string

// The problems.
const (
	MailboxUnknownServer MailboxProblem = "unknown-server" // DNS does not find the server
	MailboxClosedPort    MailboxProblem = "closed-port"    // nothing listens at the server's port
	MailboxUnreachable   MailboxProblem = "unreachable"    // no connection for another reason, or it breaks off
	MailboxInsecure      MailboxProblem = "insecure"       // no TLS to be had, or a certificate that is not valid
	MailboxRefused       MailboxProblem = "refused"        // the server does not accept the user or the password
	MailboxMissing       MailboxProblem = "missing"        // there is no such folder
	MailboxOther         MailboxProblem = "other"          // the log says what
)

// How long the mailbox may be unreadable before staff are told: servers are restarted, and other problems may be so too.
const (
	maxUnreachable = 2 * time.Minute
	maxFailing     = time.Minute
)

// noConnection are the problems that a restart of the server or of the network brings.
var noConnection = []MailboxProblem{MailboxUnknownServer, MailboxClosedPort, MailboxUnreachable}

// MailboxLost reports whether staff have to know that the mailbox cannot be read.
func (q Queue) MailboxLost() bool {
	limit := maxFailing
	if slices.Contains(noConnection, q.MailboxProblem) {
		limit = maxUnreachable
	}
	return q.MailboxProblem != "" && q.MailboxFailing > limit
}
