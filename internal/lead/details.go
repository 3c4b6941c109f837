package lead

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Receipt is a lead as its prospect sees it.
type Receipt struct {
	Lead     Lead
	History  []Event
	Messages []Message  // oldest first; on the receipt only those that the prospect may read
	Mails    []Delivery // about the lead, oldest first
}

// MaxCorrections is how often a prospect may correct their email address.
const MaxCorrections = 3

// CorrectionsLeft returns how often the prospect may still correct their email address.
func (r Receipt) CorrectionsLeft() int {
	left := MaxCorrections
	for _, e := range r.History {
		if e.Correction() {
			left--
		}
	}
	return max(left, 0)
}

// Confirmation returns the last confirmation that went or goes to the prospect's present email address, or false if there is
// none.
func (r Receipt) Confirmation() (Delivery, bool) { return r.lastMail(ConfirmationMail) }

// Reply returns the last reply that went or goes to the prospect's present email address, or false if no reply did.
func (r Receipt) Reply() (Delivery, bool) { return r.lastMail(ReplyMail) }

func (r Receipt) lastMail(kind DeliveryKind) (Delivery, bool) {
	for _, d := range slices.Backward(r.Mails) {
		if d.Kind == kind && d.State != Dropped && r.toPresentAddress(d) {
			return d, true
		}
	}
	return Delivery{}, false
}

// toPresentAddress reports whether the mail went or goes to the address that the lead has now: one that is not sent yet does.
func (r Receipt) toPresentAddress(d Delivery) bool {
	if d.State == Waiting || d.State == OnHold {
		return true
	}
	for _, e := range slices.Backward(r.History) {
		switch {
		case e.Kind != EmailCorrected:
		case e.Correction() && d.Kind == ConfirmationMail: // a new one is made with each, so an older one is to an older address
			return !d.MadeAt.Before(e.At)
		default:
			return d.TriedAt != nil && !d.TriedAt.Before(e.At)
		}
	}
	return true
}

// Details is a lead as staff see it.
type Details struct {
	Receipt
	Drafts  []Draft
	Earlier []Earlier
}

// Earlier is another lead that may be of the same person.
type Earlier struct {
	Reference  string
	ReceivedAt time.Time
	Status     Status
	Suspect    bool
	GuideTitle string
	Place      Place
	Name       string // "" if it is erased
}

// FollowUp is a day on which a member means to come back to a lead.
type FollowUp struct {
	On     time.Time // at midnight UTC; zero for none
	Note   string    // what for, in the member's words
	Member string    // the name of the member who set it
}

// FollowUpMorning is the time of the day, in site time, after which a follow-up is reminded of.
const FollowUpMorning = 8 * time.Hour

// MaxFollowUpNote bounds the note of a follow-up, in characters.
const MaxFollowUpNote = 2000

// ReadFollowUp returns the follow-up that was typed, or what has to be corrected. A blank day is the zero, which removes one.
func ReadFollowUp(on, note string) (f FollowUp, wrong fault.Invalid) {
	f.On, f.Note = ReadDay(on), strings.TrimSpace(note)
	if f.On.IsZero() && !text.IsBlank(on) {
		wrong.Add("on", WrongDay)
	}
	if utf8.RuneCountInString(f.Note) > MaxFollowUpNote {
		wrong.Add("follow-up-note", fmt.Sprintf("Use at most %d characters.", MaxFollowUpNote))
	}
	return f, wrong
}

// MonthLater returns the same day of the next month, or its last day if it is shorter.
func MonthLater(day time.Time) time.Time {
	later := day.AddDate(0, 1, 0)
	if later.Day() != day.Day() { // it ran over into the month after
		return later.AddDate(0, 0, -later.Day())
	}
	return later
}

// SavedView is a filter of the list of leads that a member keeps under a name.
type SavedView struct {
	ID    int64
	Name  string
	Query string // of the list's address
}

// Desk is how the work stands. Its counts end at MaxCounted.
type Desk struct {
	Now      time.Time
	Tabs     map[Tab]int // of FollowUpTab those that are due
	Overdue  int
	DueToday int // without those overdue
	Suspects int // that arrived within SuspectsNew

	KeptPlaces int       // that nobody else gets while a change can be undone
	KeptUntil  time.Time // when the first of them is given away; zero for none
}
