package mail

import (
	"cmp"
	"fmt"
	"strings"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// ifAnswered says what becomes of an answer to a letter to staff.
func (a LeadData) ifAnswered() string {
	switch {
	case a.AnswersHere && a.Lead.Email == "":
		return "The lead has no email address, so answer them another way. If you answer this email, your text goes to the " +
			"lead, and only your team sees it."
	case a.AnswersHere:
		return "If you answer this email, your text goes to the lead, and only your team sees it. There you can use it for " +
			"the reply."
	case a.Lead.Email == "" || !a.Lead.NeedsAnswer:
		return ""
	}
	return "If you answer this email, your answer goes to " + a.Lead.Email + ", and Tiebreak does not see it. Then say on the " +
		"lead that you have answered."
}

// maxPerson bounds the person in a subject, in characters.
const maxPerson = 60

// subject returns the subject of a letter to staff: the person, the matter and the reference.
func (a LeadData) subject(matter string) string {
	return a.person() + ": " + matter + " (" + a.Lead.Reference + ")"
}

// person names the prospect, with their company.
func (a LeadData) person() string {
	person := cmp.Or(strings.Join(strings.Fields(a.Lead.Name), " "), "The prospect")
	if company := strings.Join(strings.Fields(a.Lead.Company), " "); company != "" {
		person += ", " + company
	}
	return short(person)
}

// short returns a name or a subject on one line, cut if it is long.
func short(name string) string {
	return text.Shorten(strings.Join(strings.Fields(name), " "), maxPerson)
}

func (a LeadData) arrived() Email {
	return Email{
		Subject: a.subject(cmp.Or(a.Lead.GuideTitle, "new request") + a.replyBy()),
		Lines: []string{
			"You have a new request. Please reply " + ui.ReplyBy(a.Lead.DueAt, a.Promise) + "." + a.whileClosed(),
		},
		Facts: a.facts(),
		Quote: text.Shorten(a.Lead.Project, maxQuoted),
		Link:  ui.Link{Words: "Open the lead", Address: a.Desk},
		After: a.ifAnswered(),
	}
}

// replyBy ends the subject of a new request with its deadline, if it has one.
func (a LeadData) replyBy() string {
	if a.Lead.DueAt.IsZero() {
		return ""
	}
	return ", reply by " + ui.ShortDeadline(a.Lead.DueAt, a.Promise) + " " + ui.ZoneName(a.Lead.DueAt, a.Promise)
}

// whileClosed says that the deadline counts from the reopening, if it does.
func (a LeadData) whileClosed() string {
	if !a.Lead.WhileClosed() {
		return ""
	}
	return " It counts from your reopening on " + ui.ReopeningDay(a.Lead.CountedFrom, a.Promise) + "."
}

func (a LeadData) noted() Email {
	if m := a.Message; m.ID != 0 && !m.FromProspect() {
		return a.teamWrote()
	}
	if a.Message.ID != 0 && !a.Message.WrittenFrom(a.Lead.Email) {
		return a.otherWrote()
	}
	return Email{
		Subject: a.subject("new message"),
		Lines:   []string{a.due()},
		Facts:   a.files(),
		Quote:   text.Shorten(a.Message.Text, maxQuoted),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
		After:   a.ifAnswered(),
	}
}

// otherWrote tells of an email from another address than the prospect's.
func (a LeadData) otherWrote() Email {
	writer := short(cmp.Or(a.Message.SenderAddress, a.Message.SenderName, "Someone"))
	return Email{
		Subject: writer + " wrote about the request of " + a.person() + " (" + a.Lead.Reference + ")",
		Lines: []string{
			"This email came from another address than the lead’s. The prospect does not see it, and a reply goes to the " +
				"address of the lead.",
			a.due(),
		},
		Facts: append([]Fact{
			{"From", strings.TrimSpace(short(a.Message.SenderName) + " <" + short(a.Message.SenderAddress) + ">")},
		}, a.files()...),
		Quote: text.Shorten(a.Message.Text, maxQuoted),
		Link:  ui.Link{Words: "Open the lead", Address: a.Desk},
		After: a.ifAnswered(),
	}
}

// teamWrote tells of an email that has the address of a member or went to that of the team. The member gets this too: it says
// that nothing was sent.
func (a LeadData) teamWrote() Email {
	author := cmp.Or(a.Message.Member, a.Message.SenderName, a.Message.SenderAddress, "Someone")
	return Email{
		Subject: a.subject("email from your team"),
		Lines: []string{
			author + " wrote by email. Only your team sees it. The prospect has not received it.",
			"Open the lead to use it for the reply, keep it as a note or dismiss it. Anyone can fake a sender, so read " +
				"it first.",
		},
		Facts: a.files(),
		Quote: text.Shorten(a.Message.Text, maxQuoted),
		Link:  ui.Link{Words: "Open the lead", Address: a.Desk},
		After: a.ifAnswered(),
	}
}

// files lists what else the email holds that the letter tells of.
func (a LeadData) files() []Fact {
	if m := a.Message; m.Unread() {
		return []Fact{{"Not read", fmt.Sprintf("“%s”, %.1f MB: open it in the mailbox", cmp.Or(m.Subject, "No subject"),
			float64(m.Parts[0].Size)/1e6)}}
	}
	var names []string
	for _, part := range a.Message.Parts {
		names = append(names, cmp.Or(part.Name, "a part without a name"))
	}
	if names == nil {
		return nil
	}
	return []Fact{{"Files in the mailbox", strings.Join(names, ", ")}}
}

func (a LeadData) withdrawn() Email {
	return Email{
		Subject: a.subject("request withdrawn"),
		Lines: []string{"The prospect has withdrawn the request, so you no longer have to reply. If it had a place, the " +
			"place goes to the next in line."},
		Link: ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) resumed() Email {
	return Email{
		Subject: a.subject("withdrawal undone"),
		Lines:   []string{"The request is open again. " + a.due()},
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) corrected() Email {
	return Email{
		Subject: a.subject("email address corrected"),
		Lines: []string{
			"Your team had already answered, so the answer may have gone to the wrong address. Check the lead, and send it " +
				"again.",
		},
		Link: ui.Link{Words: "Open the lead", Address: a.Desk},
	}
}

func (a LeadData) reminder() Email {
	left, _ := a.Lead.TimeLeft(a.Now)
	return Email{
		Subject: a.subject(left + " to reply"),
		Lines:   []string{a.due()},
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
		After:   a.ifAnswered(),
	}
}

func (a LeadData) overdue() Email {
	words := "We promised a reply %s. Nobody has replied yet."
	switch {
	case a.Lead.AwaitingSince != nil:
		words = "They wrote to you, and you aimed to answer %s. Nobody has answered yet."
	case a.Lead.Channel != lead.ByForm:
		words = "Your team entered this request. By your rules a reply was due %s. Nobody has replied yet."
	}
	return Email{
		Subject: a.subject("the reply is overdue"),
		Lines:   []string{fmt.Sprintf(words, ui.ReplyBy(a.Lead.Due(), a.Promise))},
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
		After:   a.ifAnswered(),
	}
}

// followUp is for the assignee, or for the member who set it, or for all.
func (a LeadData) followUp() Email {
	return Email{
		Subject: a.subject("time to follow up"),
		Lines:   []string{fmt.Sprintf("%s planned a follow-up for %s.", a.FollowUp.Member, lead.SayDay(a.FollowUp.On))},
		Quote:   text.Shorten(a.FollowUp.Note, maxQuoted),
		Facts:   a.facts(),
		Link:    ui.Link{Words: "Open the lead", Address: a.Desk},
		After: "This is the only reminder. The lead stays in the tab “Follow-up” until someone chooses another day or " +
			"removes it.",
	}
}

// maxListed bounds how many references a letter lists.
const maxListed = 50

func (a LeadData) suspects() Email {
	n := len(a.Suspects)
	l := Email{Link: ui.Link{Words: "Check them", Address: a.SuspectsTab}}
	if n == 0 {
		l.Subject = "No new requests to check for spam"
		l.Lines = []string{"Your team has checked all new requests that looked like spam."}
		return l
	}
	are, them := ui.Count(n, "new request looks", "new requests look")+" like spam", "Real requests may be among them"
	if n == 1 {
		l.Link.Words, them = "Check it", "It may be a real request"
	}
	listed := strings.Join(a.Suspects[:min(n, maxListed)], ", ")
	if n > maxListed {
		listed += fmt.Sprintf(" and %d more", n-maxListed)
	}
	l.Subject = text.Capitalise(are)
	l.Lines = []string{
		text.Capitalise(are) + ". " + them + ", so please check. We have not sent a confirmation or given a place.",
		"If a request is from a person, open it and press “" + ui.NotSpam + "”. Its deadline counts from when it arrived.",
	}
	l.Facts = []Fact{{"Requests", listed}}
	l.After = "You get this email at most once a day, and only when there are new ones."
	return l
}

// due says how it stands with the promised reply.
func (a LeadData) due() string {
	if a.Lead.Suspect {
		return "It is marked as spam, so no reply is due. If a person wrote it, open it and press “" + ui.NotSpam + "”."
	}
	if !a.Lead.NeedsAnswer {
		return "Your team has already answered this request."
	}
	words, _ := a.Lead.TimeLeft(a.Now)
	return fmt.Sprintf("Please reply %s: %s.", ui.ReplyBy(a.Lead.Due(), a.Promise), words)
}

// facts are what staff want to know before they open the lead.
func (a LeadData) facts() []Fact {
	place := map[lead.Place]string{
		lead.Held:     "reserved in " + ui.MonthYear(a.Lead.Month),
		lead.Waitlist: fmt.Sprintf("number %d on the waitlist", a.Lead.Waiting),
	}
	var facts []Fact
	for _, f := range []Fact{
		{"Name", a.Lead.Name},
		{"Email", a.Lead.Email},
		{"Company", a.Lead.Company},
		{"Guide", a.Lead.GuideTitle},
		{"Preferred option", a.Lead.OptionName},
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
