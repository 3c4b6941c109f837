package lead

import (
	"slices"
	"time"
)

// DeliveryKind says what an email about a lead is for.
type DeliveryKind string

const (
	ConfirmationMail DeliveryKind = "confirmation" // to the prospect: we have it
	PlacedMail       DeliveryKind = "placed"       // to the prospect: a place came free
	NewMail          DeliveryKind = "new"          // to staff: it arrived
	NoteMail         DeliveryKind = "note"         // to staff: the prospect added something
	WithdrawnMail    DeliveryKind = "withdrawn"    // to staff: the prospect withdrew it
	ResumedMail      DeliveryKind = "resumed"      // to staff: the prospect undid the withdrawal
	CorrectedMail    DeliveryKind = "corrected"    // to staff: the prospect corrected the address after a reply
	ReminderMail     DeliveryKind = "reminder"     // to staff: the promised time draws near
	OverdueMail      DeliveryKind = "overdue"      // to staff: the promised time is over
	ReplyMail        DeliveryKind = "reply"        // to the prospect: what a member wrote
	SuspectsMail     DeliveryKind = "suspects"     // to staff, once a day: these look like spam
	TooLargeMail     DeliveryKind = "too-large"    // to the sender of an email about a lead: we did not read it
	FollowUpMail     DeliveryKind = "follow-up"    // to the assignee: the day to come back to it is here
)

// AddressMails are the kinds that go to the lead's address.
var AddressMails = []DeliveryKind{ConfirmationMail, PlacedMail, ReplyMail}

// ProspectMails are the kinds that the prospect gets: at the lead's address, or at the one that they wrote from.
var ProspectMails = append(slices.Clip(AddressMails), TooLargeMail)

// ToProspect reports whether the prospect gets it; otherwise staff do.
func (k DeliveryKind) ToProspect() bool { return slices.Contains(ProspectMails, k) }

// DeliveryState is where a delivery stands.
type DeliveryState string

const (
	Waiting DeliveryState = "waiting"
	OnHold  DeliveryState = "on-hold" // it waited when the backup was made that was restored: a member decides
	Sent    DeliveryState = "sent"
	Dropped DeliveryState = "dropped" // nobody needs it any more, or a member decided so
	Failed  DeliveryState = "failed"  // given up
)

// Delivery is one email to one recipient that must go out, and how it fared.
type Delivery struct {
	ID           int64
	Lead         int64        // its id; 0 if it is about a member's account or an invitation
	Reference    string       // of the lead; "" if it is about a member's account or an invitation
	Kind         DeliveryKind // of one that is not about a lead, a word of package staff
	State        DeliveryState
	MadeAt       time.Time
	TriedAt      *time.Time // the last attempt
	Attempts     int
	Problem      Problem // of the last attempt; "" without one
	Code         int     // the SMTP server's reply code (RFC 5321, 4.2), 0 without one
	Message      int64   // that it carries or tells staff of, 0 for none
	Member       int64   // of the staff, to whom it goes; 0 for none
	MemberName   string
	StaffAddress int  // which address of TIEBREAK_STAFF_MAIL it goes to, counted from 1; 0 for none
	Acknowledged bool // a member has seen that it failed
}

// AboutLead reports whether the delivery is about a lead, not about a member's account or an invitation.
func (d Delivery) AboutLead() bool { return d.Reference != "" }

// Unreached returns the failed mail to the prospect that says best why they cannot be written to, or false: of mails, oldest
// first, the last one to them that went out or failed counts.
func Unreached(mails []Delivery) (last Delivery, unreached bool) {
	for _, d := range mails {
		if slices.Contains(AddressMails, d.Kind) && (d.State == Sent || d.State == Failed) {
			last, unreached = d, d.State == Failed
		}
	}
	return last, unreached
}

// Problem is why an attempt to deliver failed. Servers' own words are not kept: they may name addresses.
type Problem string

const (
	UnknownServer Problem = "unknown-server" // DNS does not find the server
	ClosedPort    Problem = "closed-port"    // nothing listens at the server's port
	Unreachable   Problem = "unreachable"    // no connection, for another reason
	Silent        Problem = "silent"         // no answer in time
	Unconfirmed   Problem = "unconfirmed"    // no answer after the whole message: it may have arrived
	BrokenOff     Problem = "broken-off"     // the connection ended in between
	Refused       Problem = "refused"        // the server said no, for now
	Insecure      Problem = "insecure"       // no TLS to be had
	NoSignIn      Problem = "no-sign-in"     // no way to sign in that we know
	WrongSignIn   Problem = "wrong-sign-in"  // the server does not accept the user or the password
	NoAddress     Problem = "no-address"     // nobody to send it to
	Unwritable    Problem = "unwritable"     // the folder for mail cannot be written to
	Unprepared    Problem = "unprepared"     // our own fault: the message could not be made

	RefusedConnection Problem = "refused-connection" // the server refuses to work with us, whatever the message
	SendingLimit      Problem = "sending-limit"      // the server takes no more messages from us today

	// The permanent ones: another attempt would meet the same answer.
	UnknownAddress Problem = "unknown-address" // the server says that there is no such mailbox
	RefusedAddress Problem = "refused-address" // the server does not deliver to the mailbox: closed, not ours to relay
	FullMailbox    Problem = "full-mailbox"
	BadAddress     Problem = "bad-address"    // what is stored is not an address
	RefusedMail    Problem = "refused-mail"   // the server does not take the message itself
	RefusedSender  Problem = "refused-sender" // the server takes nothing from our address: the settings are wrong
	Returned       Problem = "returned"       // a mail server took the message and could not deliver it
)

// Permanent reports whether the same attempt would fail again until somebody changes something.
func (p Problem) Permanent() bool {
	return p.MayBeAddress() || p == RefusedMail || p == RefusedSender
}

// AboutAddress reports whether another address would help.
func (p Problem) AboutAddress() bool { return p.MayBeAddress() && p != Returned }

// MayBeAddress reports whether another address may help: a server that sends an email back often does not say why.
func (p Problem) MayBeAddress() bool { return slices.Contains(AddressProblems, p) }

// AddressProblems are those for which another address may help.
var AddressProblems = []Problem{UnknownAddress, RefusedAddress, FullMailbox, BadAddress, Returned}

// StillNeeded reports whether the lead is in a state in which the mail is true and wanted at the time now.
func (k DeliveryKind) StillNeeded(l Lead, now time.Time) bool {
	switch {
	case k == SuspectsMail:
		return true // it is about others too
	case l.Email == "" && slices.Contains(AddressMails, k):
		return false
	}
	if l.Suspect { // programs add no notes: a person who wrote one may wait for an answer
		return k == NoteMail && l.Status != Erased
	}
	switch k {
	case ConfirmationMail:
		return l.Status != Erased && l.Status != Withdrawn
	case PlacedMail:
		return l.Place == Held && l.Status.Open()
	case WithdrawnMail:
		return l.Status == Withdrawn
	case ResumedMail:
		return l.Status.Open()
	case FollowUpMail:
		return !l.FollowUpOn.IsZero()
	case ReminderMail:
		return l.NeedsAnswer
	case OverdueMail: // another clock may run by now
		return l.NeedsAnswer && !now.Before(l.Due())
	}
	return l.Status != Erased
}

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

// TestEmail is how a test of the mail settings went.
type TestEmail struct {
	To      string
	Folder  string     // where the email was written to as a file, because no mail server is set; "" with a server
	Lines   []SMTPLine // the conversation with the server, without passwords
	Problem Problem    // what stopped the email; "" if the server took it
	Code    int        // the server's reply code (RFC 5321, 4.2) with the problem, 0 without one
	Mailbox TestMailbox

	// The server accepts no other envelope sender than the sender, so bounces do not reach the address for answers.
	Unbounced bool

	Domain    string    // of the sender's address; "" if it is not a public one
	SPF       DNSRecord // of the domain of the envelope sender (RFC 7208)
	DMARC     DNSRecord // of the domain of the sender (RFC 7489)
	Unaligned bool      // those domains are of two organisations, so DMARC does not count SPF (RFC 7489, 3.1.2)
}

// TestServer is how a sign-in to the mail server went.
type TestServer struct {
	Server  string  // with its port
	Problem Problem // "" if the server accepts us
	Code    int     // the server's reply code with the problem, 0 without one
}

// TestMailbox is how a test of the mailbox that answers arrive in went. The zero value says that none is set.
type TestMailbox struct {
	User, Server, Folder string // the server with its port
	Messages             int    // in the folder
	Tells                bool   // the server tells of new email at once (IDLE, RFC 2177)
	Problem              MailboxProblem
}

// SMTPLine is a line of a conversation with a mail server.
type SMTPLine struct {
	Ours bool // we sent it
	Text string
}

// DNSRecord is what DNS says of how receivers check email from a domain.
type DNSRecord struct {
	Name   string // where it is or should be
	Text   string // the record; the first of several
	Count  int    // how many there are; exactly one counts
	Failed bool   // DNS did not answer
}
