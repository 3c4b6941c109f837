package mail

import (
	"fmt"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

func (a LeadData) confirmation() Email {
	l := Email{
		Subject: confirmed(a.Lead),
		Lines: []string{fmt.Sprintf("Thank you for your request. We will reply %s. %s",
			ui.ReplyBy(a.Lead.DueAt, a.Promise), ui.PromisedReply(a.Lead, a.Promise))},
		Link: ui.Link{Words: "Open your private page", Address: a.Receipt},
		After: "It shows your request and its status. There you can add to your request, correct your email address or " +
			"withdraw the request. Anyone with this link can open the page, so please do not forward it. " + a.canAnswer() +
			"If you did not send us a request, you can ignore this email.",
	}
	switch {
	case a.Lead.AnsweredAt != nil:
		l.Lines = []string{"We received your request. Our reply is on its way, or you have it already."}
	case a.Lead.Status == lead.Lost:
		l.Lines = []string{"We received your request and have closed it. You will not get a reply."}
	case a.Lead.DueAt.Before(a.Now):
		l.Lines = []string{"Thank you for your request. We will reply as soon as we can."}
	}
	if a.Lead.WhileClosed() && a.Lead.AnsweredAt == nil && a.Closed.Sentence != "" {
		l.Lines = append(l.Lines, a.Closed.Sentence)
	}
	if has, means := ui.LeadPlace(a.Lead, a.Places); has != "" {
		l.Lines = append(l.Lines, has+" "+means)
	}
	return l
}

// canAnswer says that an answer to the email reaches us, if it does, and ends with a space.
func (a LeadData) canAnswer() string {
	if a.AnswersHere {
		return "You can also answer this email. "
	}
	return ""
}

// confirmed is the subject of the confirmation, which a reply answers to: mail readers keep the two together. The title of the
// guide is ours, not typed by the sender.
func confirmed(l lead.Lead) string {
	about := ""
	if l.GuideTitle != "" {
		about = " about " + l.GuideTitle
	}
	return "We received your request" + about + " (" + l.Reference + ")"
}

// reply is what a member wrote, with their signature, above the prospect's words that it answers.
func (a LeadData) reply() Email {
	l := Email{
		Subject: "Re: " + confirmed(a.Lead),
		Prose:   a.Message.Letter(),
		Link:    ui.Link{Words: "Open your private page", Address: a.Receipt},
		After:   "You can answer this email, or write to us on that page.",
	}
	if words, at := a.Lead.Quotable(a.Before); words != "" {
		l.Before, l.Quote = "On "+ui.DateTime(at, a.Promise)+" you wrote:", text.Shorten(words, maxQuoted)
	}
	return l
}

func (a LeadData) placed() Email {
	has, means := ui.LeadPlace(a.Lead, a.Places)
	return Email{
		Subject: "You have a place (" + a.Lead.Reference + ")",
		Lines: []string{
			"Good news: a place has become free. " + has + " " + means,
			"You do not have to do anything. If you no longer want it, withdraw your request on your private page. We " +
				"will then give the place to the next person on the waitlist.",
		},
		Link: ui.Link{Words: "Open your private page", Address: a.Receipt},
	}
}

// tooLarge answers an email that nobody will read. What its sender wrote is not repeated.
func (a LeadData) tooLarge() Email {
	return Email{
		Subject: "Your email was too large (" + a.Lead.Reference + ")",
		Lines: []string{
			"Your email to us is larger than 10 MB, so we could not read it.",
			"Please send the text again without the files. If we need the files, include a link from which we can download them.",
		},
		Link: ui.Link{Words: "Open our website", Address: a.Home},
	}
}
