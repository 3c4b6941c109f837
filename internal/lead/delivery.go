package lead

import "time"

// DeliveryKind says what an e-mail about a lead is for.
type DeliveryKind string

const (
	ConfirmationMail DeliveryKind = "confirmation" // to the prospect: we have it
	PlacedMail       DeliveryKind = "placed"       // to the prospect: a place came free
	NewMail          DeliveryKind = "new"          // to staff: it arrived
	NoteMail         DeliveryKind = "note"         // to staff: the prospect added something
	WithdrawnMail    DeliveryKind = "withdrawn"    // to staff: the prospect withdrew it
	ReminderMail     DeliveryKind = "reminder"     // to staff: the promised time draws near
	OverdueMail      DeliveryKind = "overdue"      // to staff: the promised time is over
	ReplyMail        DeliveryKind = "reply"        // to the prospect: what a member wrote
	SuspectsMail     DeliveryKind = "suspects"     // to staff, once a day: these look like spam
)

// ToProspect reports whether the prospect gets it; otherwise staff do.
func (k DeliveryKind) ToProspect() bool {
	return k == ConfirmationMail || k == PlacedMail || k == ReplyMail
}

// DeliveryState is where a delivery stands.
type DeliveryState string

const (
	Waiting DeliveryState = "waiting"
	Sent    DeliveryState = "sent"
	Dropped DeliveryState = "dropped" // nobody needs it any more
	Failed  DeliveryState = "failed"  // given up
)

// Delivery is one e-mail that must go out, and how it fared.
type Delivery struct {
	ID       int64
	Kind     DeliveryKind
	State    DeliveryState
	MadeAt   time.Time
	TriedAt  *time.Time // the last attempt
	Attempts int
	Problem  Problem // of the last attempt; "" without one
	Code     int     // the SMTP server's reply code (RFC 5321, 4.2), 0 without one
	Reply    int64   // the reply that it carries, 0 for none
}

// Problem is why an attempt to deliver failed. Servers' own words are not kept: they may name addresses.
type Problem string

const (
	Unreachable Problem = "unreachable" // no connection
	Silent      Problem = "silent"      // no answer in time
	BrokenOff   Problem = "broken-off"  // the connection ended in between
	Refused     Problem = "refused"     // the server said no
	Insecure    Problem = "insecure"    // no TLS to be had
	NoAddress   Problem = "no-address"  // nobody to send it to
	Unwritable  Problem = "unwritable"  // the folder for mail cannot be written to
	Unprepared  Problem = "unprepared"  // our own fault: the message could not be made
)

// StillNeeded reports whether the lead is in a state in which the mail is true and wanted.
func (k DeliveryKind) StillNeeded(l Lead) bool {
	if k == SuspectsMail {
		return true // it is about others too
	}
	if l.Suspect {
		return false
	}
	switch k {
	case ConfirmationMail:
		return l.Status != Erased && l.Status != Withdrawn
	case PlacedMail:
		return l.Place == Held && l.Status.Open()
	case ReminderMail, OverdueMail:
		return l.Status == New && l.AnsweredAt == nil
	}
	return l.Status != Erased
}

// Queue is how deliveries stand.
type Queue struct {
	Waiting int
	Failing int           // of those waiting: tried and not yet sent
	Failed  int           // given up
	Oldest  time.Duration // how long the oldest waits
}

// queuePatience is how long a mail may wait before staff are told.
const queuePatience = 2 * time.Minute

// Stuck reports whether staff have to know: something failed, or waits longer than a working queue takes.
func (q Queue) Stuck() bool { return q.Failed > 0 || q.Failing > 0 || q.Oldest > queuePatience }
