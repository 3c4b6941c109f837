// Package intake holds the pages of prospects: the form that sends a request, and the receipt that shows its state.
package intake

import (
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// Done says what the prospect has just done. The page confirms it where the reader is.
type Done string

const (
	Nothing          Done = ""
	NoteAdded        Done = "note"
	EmailCorrected   Done = "email"
	EmailUnchanged   Done = "same-email"
	WithdrawalUndone Done = "resumed"
)

// Typed returns what was typed into the form that was sent.
func (r ReceiptPage) Typed() string { return r.Note.Text + r.Email.Email }

// had reports that something of the kind happened to the request.
func (r ReceiptPage) had(kind lead.EventKind) bool {
	return slices.ContainsFunc(r.History, func(e lead.Event) bool { return e.Kind == kind })
}

// confirmed says whether the link to the page was mailed: the words before and after the email address.
func (r ReceiptPage) confirmed() (before, after string) {
	d, found := r.Confirmation()
	switch {
	case r.Lead.Suspect && d.State != lead.Sent:
		return "We have not emailed", " yet. A person checks your request first."
	case !found:
		return "We have not emailed the link to this page to", ". Each address gets at most one confirmation a day."
	}
	return mailed(d, "the link to this page")
}

// answered says whether the last reply was mailed, as confirmed does.
func (r ReceiptPage) answered() (before, after string) {
	d, found := r.Reply()
	if !found {
		return "We sent our reply before you corrected your email address to", ". Our team knows the new address."
	}
	if before, after = mailed(d, "our reply"); d.State == lead.Sent {
		after += " Check your inbox and your spam folder."
	}
	return before, after
}

// mailed says how a mail to the prospect fares: the words before and after the email address.
func mailed(d lead.Delivery, what string) (before, after string) {
	switch {
	case d.State == lead.Sent:
		return "We emailed " + what + " to", "."
	case d.State == lead.Failed && d.Problem.AboutAddress():
		return "Our email did not reach", ": " + ui.MailProblem(d.Problem, 0) + "."
	case d.State == lead.Failed:
		return "We could not email " + what + " to", "."
	case d.Attempts > 0:
		return "We could not email " + what + " to", " yet. We are trying again."
	}
	return "We are emailing " + what + " to", "."
}

// correctionsLeft says how often the email address can still be corrected.
func (r ReceiptPage) correctionsLeft() string {
	if left := r.CorrectionsLeft(); left > 1 {
		return fmt.Sprintf("You can correct your email address %d times.", left)
	}
	return "You can correct your email address once more."
}

// placeAgain says what place a request has that was taken up again.
func (r ReceiptPage) placeAgain() string {
	switch r.Lead.Place {
	case lead.Held:
		return "You have a place."
	case lead.Waitlist:
		return "No place is free at the moment, so you are on the waitlist."
	}
	return ""
}

func (r ReceiptPage) heading() string {
	switch r.Lead.Status {
	case lead.Withdrawn:
		return "You withdrew your request."
	case lead.Erased:
		return "Your request is erased."
	case lead.Lost:
		return "Your request is closed."
	}
	return "We have your request."
}

// visibleEvents returns the steps that concern the prospect, without a move that was taken back. Messages are shown as such: only
// the first reply is a step too, and all of them once their texts are erased.
func visibleEvents(history []lead.Event, erased bool) []lead.Event {
	var steps []lead.Event
	replied := false
	for _, e := range history {
		message := e.Kind == lead.Noted || e.Kind == lead.Replied && replied
		replied = replied || e.Kind == lead.Replied
		if e.Kind.VisibleToProspect() && (erased || !message) {
			steps = append(steps, e)
		} else if last := len(steps) - 1; e.Kind == lead.Undone && last >= 0 && steps[last].Kind == lead.Moved {
			steps = steps[:last]
		}
	}
	return steps
}

// receiptStep says a step to the prospect; staff are "we".
func receiptStep(e lead.Event) string {
	switch e.Kind {
	case lead.Received:
		return "Received"
	case lead.Placed:
		return "A place became free for you"
	case lead.Noted:
		return "A message to us arrived"
	case lead.Withdrew:
		return "You withdrew it"
	case lead.Resumed:
		return "You undid the withdrawal"
	case lead.EmailCorrected:
		if e.Correction() {
			return "You corrected your email address"
		}
		return "We corrected your email address"
	case lead.DataErased:
		return "Erased"
	case lead.Replied:
		return "We replied by email"
	}
	switch e.Status {
	case lead.Contacted:
		return "Answered"
	case lead.Qualified:
		return "In talks"
	case lead.Won:
		return "Agreed"
	case lead.Lost:
		return "Closed"
	}
	return text.Capitalise(string(e.Status))
}

// withFocus returns the attributes of a field that the page begins at.
func withFocus(attributes templ.Attributes, focus bool) templ.Attributes {
	attributes["autofocus"] = focus
	return attributes
}
