// Package intake holds the pages of prospects: the form that sends a request, and the receipt that shows its state.
package intake

import (
	"slices"

	"tiebreak/internal/lead"
	"tiebreak/templates/ui"
)

// replied reports that a reply was mailed to the prospect; otherwise they were answered some other way, if at all.
func (r ReceiptPage) replied() bool {
	return slices.ContainsFunc(r.History, func(e lead.Event) bool { return e.Kind == lead.Replied })
}

// last returns the number of the last section.
func (r ReceiptPage) last() string {
	if r.Lead.Status.Open() {
		return "5"
	}
	return "3"
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

// visibleEvents returns the steps that concern the prospect, without a move that was taken back.
func visibleEvents(history []lead.Event) []lead.Event {
	var steps []lead.Event
	for _, e := range history {
		if e.Kind.VisibleToProspect() {
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
		return "You added a note"
	case lead.Withdrew:
		return "You withdrew it"
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
	return ui.Capitalise(string(e.Status))
}
