// Package mail words the emails that the site sends. Start with LeadEmail; Email turns into text and HTML.
package mail

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

// About is what letters about a lead are made from.
type LeadData struct {
	Lead    lead.Lead
	Notes   []lead.Note
	Reply   lead.Reply // of lead.ReplyMail
	Now     time.Time
	Site    guide.Site
	Promise lead.Promise
	Places  lead.Places
	Receipt string // absolute addresses
	Desk    string
	Home    string

	Suspects    lead.NewSuspects // of lead.SuspectsMail
	SuspectsTab string
}

// mostQuoted bounds what a letter to staff quotes, in characters: the rest is one click away.
const maxQuoted = 1500

// LetterOf words a delivery. Automatic letters to prospects hold nothing that anybody typed, so that the form cannot be made
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
	case lead.ReminderMail:
		l = a.reminder()
	case lead.OverdueMail:
		l = a.overdue()
	case lead.ReplyMail:
		l = a.reply()
	case lead.SuspectsMail:
		l = a.suspects()
	}
	l.Brand = ui.Page{Site: a.Site}.Brand()
	l.Sender = l.Brand
	if kind == lead.ReplyMail {
		l.Sender = a.Reply.Member + ", " + l.Brand
	}
	l.Small = append(l.Small, a.signature(kind)...)
	return l
}

func (a LeadData) confirmation() Email {
	l := Email{
		Subject: confirmed(a.Lead),
		Lines:   []string{fmt.Sprintf("You will hear from us by %s. That is %s, counted in full hours, from the moment your request arrived.", ui.Deadline(a.Lead.DueAt, a.Promise), ui.PromisedReply(a.Lead))},
		Link:    ui.Link{Words: "Open your private page", Address: a.Receipt},
		After: "It shows what you sent and where it stands. You can add to it there, or withdraw it. Whoever has the address can read it, so keep it to yourself. " +
			"If you did not send us a request, somebody typed your address by mistake, and you need not do anything.",
	}
	switch {
	case a.Lead.AnsweredAt != nil:
		l.Lines = []string{"We have your request, and a reply is on its way or with you already."}
	case a.Lead.Status == lead.Lost:
		l.Lines = []string{"We have your request, and we have closed it. No reply follows."}
	}
	if has, means := ui.LeadPlace(a.Lead, a.Places); has != "" {
		l.Lines = append(l.Lines, has+" "+means)
	}
	return l
}

// confirmed is the subject of the confirmation, which a reply answers to: mail readers keep the two together.
func confirmed(l lead.Lead) string { return l.Reference + ": we have your request" }

// reply is what a member wrote, with their signature.
func (a LeadData) reply() Email {
	signature := a.Reply.Signature
	if signature == "" {
		signature = a.Reply.Member
	}
	return Email{
		Subject: "Re: " + confirmed(a.Lead),
		Prose:   a.Reply.Text + "\n\n" + signature,
		Link:    ui.Link{Words: "Your request and where it stands", Address: a.Receipt},
	}
}

func (a LeadData) placed() Email {
	has, means := ui.LeadPlace(a.Lead, a.Places)
	return Email{
		Subject: a.Lead.Reference + ": a place is yours",
		Lines: []string{
			"A place has come free, and you had waited longest. " + has + " " + means,
			"You need not do anything. If you no longer want it, please withdraw your request: the place then goes to the next in line.",
		},
		Link: ui.Link{Words: "Open your private page", Address: a.Receipt},
	}
}

func (a LeadData) arrived() Email {
	return Email{
		Subject: fmt.Sprintf("%s: new request, reply due %s %s", a.Lead.Reference, ui.DateTime(a.Lead.DueAt, a.Promise), ui.ZoneName(a.Lead.DueAt, a.Promise)),
		Lines:   []string{"A request has arrived. The reply was promised by " + ui.Deadline(a.Lead.DueAt, a.Promise) + "."},
		Facts:   a.facts(),
		Quote:   quoted(a.Lead.Project),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) noted() Email {
	l := Email{
		Subject: a.Lead.Reference + ": the prospect added a note",
		Lines:   []string{a.due()},
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
	if len(a.Notes) > 0 {
		l.Quote = quoted(a.Notes[len(a.Notes)-1].Text)
	}
	return l
}

func (a LeadData) withdrawn() Email {
	return Email{
		Subject: a.Lead.Reference + ": withdrawn by the prospect",
		Lines:   []string{"The prospect has withdrawn the request. No reply is due any more. If it held a place, that goes to the next in line."},
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) reminder() Email {
	left, _ := a.Lead.TimeLeft(a.Now)
	return Email{
		Subject: fmt.Sprintf("%s: %s to reply", a.Lead.Reference, left),
		Lines:   []string{a.due()},
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) overdue() Email {
	return Email{
		Subject: a.Lead.Reference + ": the reply is overdue",
		Lines:   []string{"The reply was promised by " + ui.Deadline(a.Lead.DueAt, a.Promise) + ". Nobody has answered yet."},
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

// mostListed bounds how many references a letter lists.
const mostListed = 50

func (a LeadData) suspects() Email {
	n := len(a.Suspects)
	l := Email{Link: ui.Link{Words: "Check them", Address: a.SuspectsTab}}
	if n == 0 {
		l.Subject = "No new requests to check for spam"
		l.Lines = []string{"Your team has checked all new requests that looked like spam."}
		return l
	}
	are, them := ui.Count(n, "new request looks", "new requests look")+" like spam", "Honest people may be among them"
	if n == 1 {
		l.Link.Words, them = "Check it", "It may be from an honest person"
	}
	listed := strings.Join(a.Suspects[:min(n, mostListed)], ", ")
	if n > mostListed {
		listed += fmt.Sprintf(" and %d more", n-mostListed)
	}
	l.Subject = ui.Capitalise(are)
	l.Lines = []string{
		ui.Capitalise(are) + ". " + them + ", so please look. We have sent no confirmation and given no place.",
		"If a request is from a person, open it and press “" + ui.NotSpam + "”. Its deadline counts from when it arrived.",
	}
	l.Facts = []Fact{{"Requests", listed}}
	l.After = "You get this email at most once a day, and only when there are new ones."
	return l
}

// due says how it stands with the promised reply.
func (a LeadData) due() string {
	if a.Lead.Suspect {
		return "It is set aside as spam, so no reply is due. If a person wrote it, open it and press “" + ui.NotSpam + "”."
	}
	if a.Lead.AnsweredAt != nil {
		return "They have been answered; the clock has stopped."
	}
	words, _ := a.Lead.TimeLeft(a.Now)
	return fmt.Sprintf("The reply was promised by %s: %s.", ui.Deadline(a.Lead.DueAt, a.Promise), words)
}

// facts are what staff want to know before they open the lead.
func (a LeadData) facts() []Fact {
	place := map[lead.Place]string{lead.Held: "held in " + ui.MonthYear(a.Lead.Month), lead.Waitlist: fmt.Sprintf("number %d on the waitlist", a.Lead.Waiting)}
	var facts []Fact
	for _, f := range []Fact{
		{"Name", a.Lead.Name},
		{"Company", a.Lead.Company},
		{"Guide", a.Lead.GuideTitle},
		{"Leaning towards", a.Lead.OptionName},
		{"Start", a.Lead.Timeline},
		{"Budget", a.Lead.Budget},
		{"Place", place[a.Lead.Place]},
	} {
		if f.Value != "" {
			facts = append(facts, Fact{f.Name, strings.Join(strings.Fields(f.Value), " ")})
		}
	}
	return facts
}

// signature says who writes and why.
func (a LeadData) signature(kind lead.DeliveryKind) []string {
	lines := []string{ui.Page{Site: a.Site}.Brand() + ", " + a.Home}
	if kind.ToProspect() {
		for _, part := range []string{a.Site.Contact, a.Site.Address} {
			if part != "" {
				lines = append(lines, part)
			}
		}
	}
	return lines
}

func quoted(text string) string {
	if utf8.RuneCountInString(text) <= maxQuoted {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:maxQuoted])) + " …"
}
