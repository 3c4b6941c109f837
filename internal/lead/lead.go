// Package lead holds project requests: what a prospect sends, how it is judged, and how it moves until it is closed.
package lead

import (
	"fmt"
	"slices"
	"time"
)

// Undecided is the option of a lead that does not lean to one.
const Undecided = "undecided"

// Status is where a lead stands.
type Status string

const (
	New       Status = "new"
	Contacted Status = "contacted"
	Qualified Status = "qualified"
	Won       Status = "won"
	Lost      Status = "lost"
	Withdrawn Status = "withdrawn"
	Erased    Status = "erased"
)

// Statuses are all of them, in the order in which a lead goes through them.
var Statuses = []Status{New, Contacted, Qualified, Won, Lost, Withdrawn, Erased}

// moves are the steps that staff may take. Withdrawing and erasing are acts of their own, not moves.
var moves = map[Status][]Status{
	New:       {Contacted, Qualified, Lost},
	Contacted: {Qualified, Won, Lost},
	Qualified: {Contacted, Won, Lost},
	Won:       {Qualified},
	Lost:      {Contacted},
}

// Open reports whether the lead is still to be dealt with: it may be withdrawn, added to, and hold a place or wait for one.
func (s Status) Open() bool { return slices.Contains(OpenStatuses, s) }

// OpenStatuses are those in which a lead is open.
var OpenStatuses = []Status{New, Contacted, Qualified}

// TakesFollowUp reports whether a member may mean to come back to the lead: a studio does so after a project too.
func (s Status) TakesFollowUp() bool { return s != Withdrawn && s != Erased }

// TakesMessages reports whether the prospect may write: the lead is neither withdrawn nor erased.
func (s Status) TakesMessages() bool { return s != Withdrawn && s != Erased }

// Moves returns the statuses that staff may move a lead to from s.
func (s Status) Moves() []Status { return moves[s] }

// MayMove reports whether staff may move a lead from s to another status.
func (s Status) MayMove(to Status) bool { return slices.Contains(moves[s], to) }

// Lead is one submitted project request.
type Lead struct {
	Reference  string // "TB-0442"
	Channel    Channel
	Token      string // the receipt's address
	ReceivedAt time.Time

	CountedFrom time.Time  // the promised time counts from the arrival, or from the reopening if it arrived while closed
	DueAt       time.Time  // the reply was promised by then
	AnsweredAt  *time.Time // when the clock stopped

	AwaitingSince *time.Time // when the prospect wrote the oldest message that waits, after the first reply; nil if none waits
	AnswerDueAt   *time.Time // when we aim to have answered that; nil if none waits
	NeedsAnswer   bool       // the first reply is due, or a message waits

	Status       Status
	FollowUpOn   time.Time // the day, at midnight UTC, on which a member means to come back to it; zero for none
	FollowUpNote string    // what for; "" if they did not say

	Suspect    bool
	Causes     []Cause // why it was suspected first
	Place      Place
	Month      time.Time // first day of the month whose place is held; zero without one
	Waiting    int       // which on the waitlist, from 1; 0 off it and in lists
	AssigneeID int64     // the member who looks after it; 0 for nobody
	Assignee   string    // their name
	Seen       int64     // the last of its events
	Bounced    bool      // in lists: the last email did not reach the prospect's address
	Contents
	Choices
}

// Contents is everything typed by the prospect.
type Contents struct {
	Name     string
	Email    string
	Company  string
	Project  string
	Timeline string
	Budget   string
	Consent  string // the wording agreed to
}

// Choices is what the prospect took along from a guide, in the words of the edition that they read.
type Choices struct {
	Guide      string // slug; "" for a general request
	GuideTitle string
	Edition    string // digest; "" for a general request
	Option     string // slug or Undecided
	OptionName string // "" for undecided
	Ticks      []Tick
}

// Tick is a ticked condition as it was worded.
type Tick struct {
	ID         string `json:"id"`
	Option     string `json:"option"`
	OptionName string `json:"name"`
	Text       string `json:"text"`
	Weight     int    `json:"weight"` // the prospect's own, or the guide's
	Must       bool   `json:"must"`   // the project must have it
}

// ReplyDue reports whether a reply is or was promised to somebody who waits for one: not to spam, nor to a prospect who left.
func (l Lead) ReplyDue() bool { return l.Status != Withdrawn && l.Status != Erased && !l.Suspect }

// WhileClosed reports whether the lead arrived while the site was closed, so that its promise counts from the reopening.
func (l Lead) WhileClosed() bool { return l.CountedFrom.After(l.ReceivedAt) }

// Due returns the deadline of the clock that runs: of an answer to what the prospect wrote last, otherwise of the first reply.
func (l Lead) Due() time.Time {
	if l.AnswerDueAt != nil {
		return *l.AnswerDueAt
	}
	return l.DueAt
}

// TimeLeft returns how long there is to answer at the time now, and whether it is too late:
// "5 h 45 min left", "30 min late". An answered lead says "answered in time" or by how much it was late, one that was
// closed without an answer says so, and so does one without a deadline.
func (l Lead) TimeLeft(now time.Time) (words string, late bool) {
	left := l.Due().Sub(now)
	switch {
	case l.AwaitingSince != nil && l.ReplyDue():
	case l.AnsweredAt != nil:
		return l.answered()
	case !l.ReplyDue():
		return "no reply due", false
	case l.Status == Lost:
		return "closed without an answer", false
	}
	if l.Due().IsZero() {
		return "no deadline", false
	}
	if left >= 0 {
		return Span(left) + " left", false
	}
	return Span(-left) + " late", true
}

// answered says how the first reply kept the promise.
func (l Lead) answered() (words string, late bool) {
	if l.DueAt.IsZero() {
		return "answered", false
	}
	if over := l.AnsweredAt.Sub(l.DueAt); over > 0 {
		return "answered " + Span(over) + " late", true
	}
	return "answered in time", false
}

// Span returns a duration as a person says it: in hours and minutes, from three days on in days and hours.
func Span(d time.Duration) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case h < 72:
		return fmt.Sprintf("%d h %02d min", h, m)
	}
	return fmt.Sprintf("%d days %d h", h/24, h%24)
}

// Event is one step in a lead's history.
type Event struct {
	ID       int64
	At       time.Time
	Kind     EventKind
	Status   Status // the status that it led to
	Member   string // the name of the member who did it; "" for the prospect or the program
	Assignee string // the name of the member who got the lead; "" for nobody
}

// EventKind says what happened.
type EventKind string

const (
	Received   EventKind = "received"
	Moved      EventKind = "moved"
	Placed     EventKind = "placed" // a place came free for it
	Noted      EventKind = "note"   // the prospect wrote, on the receipt or by email
	Withdrew   EventKind = "withdrawn"
	Resumed    EventKind = "resumed"   // the prospect undid the withdrawal
	Suspected  EventKind = "suspected" // by a member
	Cleared    EventKind = "cleared"
	DataErased EventKind = "erased"
	Replied    EventKind = "replied"
	Assigned   EventKind = "assigned"
	TeamNoted  EventKind = "team-note"     // a member wrote a note to the others
	Called     EventKind = "call"          // a member wrote down a call or a meeting
	Recognised EventKind = "prospect-mail" // a member said that the prospect wrote an email of the team
	NeedsNone  EventKind = "no-answer"     // a member said that the prospect's last messages need no answer
	Undone     EventKind = "undone"        // a member took a move back

	EmailCorrected  EventKind = "email-corrected" // by the prospect or by a member
	AutoAnswered    EventKind = "auto-answer"     // a program answered for the prospect, such as an out-of-office reply
	ReadReceipt     EventKind = "read-receipt"    // a program says that the prospect opened an email
	FollowUpSet     EventKind = "follow-up"
	FollowUpRemoved EventKind = "follow-up-removed"
)

// Decisive are the events that change what a reply or a move should be. A member who has not seen one of them has to look
// at the lead again before they act; who looks after it and what the team notes do not matter for that.
var Decisive = []EventKind{Moved, Noted, Withdrew, Resumed, Suspected, Cleared, DataErased, Replied, Called, Undone}

// VisibleToProspect reports whether the receipt shows the event. How staff share the work is theirs.
func (k EventKind) VisibleToProspect() bool {
	switch k {
	case Suspected, Cleared, Assigned, TeamNoted, Called, NeedsNone, Undone, FollowUpSet, FollowUpRemoved, AutoAnswered,
		ReadReceipt:
		return false
	}
	return true
}

// Act is what a member does to a lead, having seen it as it stood after one of its events.
type Act struct {
	Reference string
	Member    int64
	Seen      int64 // that event; something decisive that happened since is a conflict
}

// Correction reports whether the prospect corrected their own email address.
func (e Event) Correction() bool { return e.Kind == EmailCorrected && e.Member == "" }
