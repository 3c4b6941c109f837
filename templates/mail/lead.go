// Package mail words the emails that the site sends. Start with LeadEmail; Email turns into text and HTML.
package mail

import (
	"strings"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

// LeadData is what emails about a lead are made from.
type LeadData struct {
	Lead     lead.Lead
	Message  lead.Message   // of lead.ReplyMail, and of lead.NoteMail unless it is erased
	Before   []lead.Message // of lead.ReplyMail: the conversation before it, oldest first
	FollowUp lead.FollowUp  // of lead.FollowUpMail
	Now      time.Time
	Site     guide.Site
	Promise  lead.Promise
	Places   lead.Places
	Closed   lead.Closed
	Receipt  string // absolute addresses
	Desk     string
	Home     string

	AnswersHere bool // what staff answer to the email reaches the lead

	Suspects    lead.NewSuspects // of lead.SuspectsMail
	SuspectsTab string
}

// maxQuoted bounds what a letter to staff quotes, in characters: the rest is one click away.
const maxQuoted = 1500

// LeadEmail words a delivery. Automatic letters to prospects hold nothing that a visitor typed, so that the form cannot be made
// to carry somebody's words to a stranger.
func LeadEmail(kind lead.DeliveryKind, a LeadData) Email {
	var l Email
	switch kind {
	case lead.ConfirmationMail:
		l = a.confirmation()
	case lead.PlacedMail:
		l = a.placed()
	case lead.NewMail:
		l = a.arrived()
	case lead.NoteMail:
		l = a.noted()
	case lead.WithdrawnMail:
		l = a.withdrawn()
	case lead.ResumedMail:
		l = a.resumed()
	case lead.CorrectedMail:
		l = a.corrected()
	case lead.ReminderMail:
		l = a.reminder()
	case lead.OverdueMail:
		l = a.overdue()
	case lead.ReplyMail:
		l = a.reply()
	case lead.SuspectsMail:
		l = a.suspects()
	case lead.TooLargeMail:
		l = a.tooLarge()
	case lead.FollowUpMail:
		l = a.followUp()
	}
	l.Brand = ui.Page{Site: a.Site}.Brand()
	l.Sender = l.Brand
	if kind == lead.ReplyMail {
		l.Sender = a.Message.Member + ", " + l.Brand
	}
	if kind.ToProspect() {
		lines := append([]string{a.Site.Contact}, strings.Split(a.Site.Address, "\n")...)
		l.Small = signature(l.Brand, a.Home, lines...)
	} else {
		l.Small = signature(l.Brand, a.Home)
	}
	return l
}
