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
