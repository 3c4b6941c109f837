package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

// entry is one line of a lead's timeline: a message, an event, or emails of one kind that were made together.
type entry struct {
	at      time.Time
	message *lead.Message
	event   *lead.Event
	mails   []lead.Delivery
}

// told are the events that a message tells itself, while there is one.
var told = []lead.EventKind{lead.Noted, lead.Replied, lead.Called, lead.TeamNoted}

// latestMessage returns the last message of the prospect, or the zero message if a reply came after it.
func (p LeadPage) latestMessage() lead.Message {
	for _, m := range slices.Backward(p.Messages) {
		switch {
		case m.FromProspect():
			return m
		case m.Kind == lead.ReplyMessage:
			return lead.Message{}
		}
	}
	return lead.Message{}
}

// begun reports whether anything was written after the request, to the prospect or by them.
func (p LeadPage) begun() bool {
	return slices.ContainsFunc(p.Messages, func(m lead.Message) bool { return m.FromProspect() || m.Kind == lead.ReplyMessage })
}

// ago says how long before now something was written.
func (p LeadPage) ago(at time.Time) string {
	if past := p.Now.Sub(at); past >= time.Minute {
		return lead.Span(past) + " ago"
	}
	return "just now"
}

// entries returns the timeline of the lead, newest first.
func (p LeadPage) entries() []entry {
	var list []entry
	for _, e := range p.History {
		if p.Lead.Status == lead.Erased || !slices.Contains(told, e.Kind) {
			list = append(list, entry{at: e.At, event: &e})
		}
	}
	for _, m := range p.Messages {
		list = append(list, entry{at: m.At, message: &m})
	}
	for _, d := range p.Mails {
		if d.Kind == lead.ReplyMail && d.Message != 0 {
			continue // its message shows it
		}
		if last := len(list) - 1; last >= 0 && together(list[last].mails, d) {
			list[last].mails = append(list[last].mails, d)
		} else {
			list = append(list, entry{at: mailTime(d), mails: []lead.Delivery{d}})
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int { return a.at.Compare(b.at) })
	slices.Reverse(list)
	return list
}

// together reports whether an email belongs into the line of the others: it is the same one to somebody else, and all are sent.
func together(mails []lead.Delivery, d lead.Delivery) bool {
	if len(mails) == 0 {
		return false
	}
	first := mails[0]
	return first.Kind == d.Kind && first.Message == d.Message && first.MadeAt.Equal(d.MadeAt) &&
		first.State == lead.Sent && d.State == lead.Sent
}

// recipients says to whom emails go, without an address.
func recipients(mails []lead.Delivery) string {
	words := make([]string, len(mails))
	for i, d := range mails {
		words[i] = recipient(d)
	}
	return strings.Join(words, ", ")
}

// deliveryOf returns the email that carries a reply, or false: other messages have none.
func (p LeadPage) deliveryOf(m lead.Message) (lead.Delivery, bool) {
	for _, d := range p.Mails {
		if d.Message == m.ID && d.Kind == lead.ReplyMail {
			return d, true
		}
	}
	return lead.Delivery{}, false
}

// authored says what the author of a message did.
var authored = map[lead.MessageKind]string{
	lead.ReplyMessage: "replied to",
	lead.NoteMessage:  "wrote on their private page",
	lead.MailMessage:  "wrote by email, from",
	lead.MemberMail:   "wrote by email, from",
	lead.CallMessage:  "wrote down a call or a meeting",
	lead.TeamMessage:  "wrote to the team",
}

func (p LeadPage) author(m lead.Message) string {
	if m.FromProspect() {
		return cmp.Or(m.SenderName, who(p.Lead))
	}
	return cmp.Or(m.Member, m.SenderName, "Someone")
}

// messageClass tells the sides of the conversation apart.
func messageClass(m lead.Message) string {
	switch {
	case m.FromProspect():
		return "theirs"
	case m.Kind == lead.ReplyMessage:
		return "ours"
	}
	return "internal"
}

func partName(part lead.Part) string { return cmp.Or(part.Name, "A part without a name") }

// aboutParts says what is not shown of an email, up to where it is.
func aboutParts(m lead.Message) string {
	switch {
	case m.TooLarge():
		return "This email is larger than 10 MB (" + size(m.Parts[0].Size) + "), so Tiebreak did not read it. Open it"
	case m.Unread():
		return "Tiebreak could not read this email. Open it"
	}
	return "This email also has the parts below. To get them, open it"
}

// whereabouts says how to find an email in the mailbox: by its sender, subject and time.
func whereabouts(m lead.Message, p lead.Promise) string {
	return fmt.Sprintf("from %s, “%s”, %s.", cmp.Or(m.SenderAddress, "an unknown sender"), cmp.Or(m.Subject, "No subject"),
		ui.DateTimeZone(m.At, p))
}

// partDetails says what a part of an email is: "application/pdf, 240 KB".
func partDetails(part lead.Part) string { return part.Type + ", " + size(part.Size) }

// size returns a number of bytes for people.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%d KB", bytes/1000)
	default:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
}
