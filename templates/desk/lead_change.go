package desk

import (
	"fmt"
	"strings"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// undoMinutes is lead.UndoTime in words.
var undoMinutes = fmt.Sprintf("%d minutes", int(lead.UndoTime.Minutes()))

// undoing returns where the Undo button goes.
func (c Changed) undoing() string { return fmt.Sprintf("/staff/leads/changes/%d/undo", c.ID) }

// words say what was done, or how things stand since it was undone: "Undone: 2 leads are New again."
func (c Changed) words() string {
	switch {
	case c.ID == 0:
		return "Nothing was changed."
	case c.Undone:
		return c.undoneWords()
	}
	leads := ui.Count(c.Leads, "lead", "leads")
	switch c.Kind {
	case lead.AssignBatch:
		return leads + " assigned."
	case lead.SuspectBatch:
		return leads + " marked as spam."
	}
	return leads + " moved to " + text.Capitalise(string(c.To)) + "."
}

func (c Changed) undoneWords() string {
	var parts []string
	all := 0
	for _, s := range lead.Statuses {
		if n := c.Again[s]; n > 0 {
			all += n
			parts = append(parts, ui.Count(n, "lead is ", "leads are ")+text.Capitalise(string(s))+" again")
		}
	}
	switch {
	case all == 0:
		return "Nothing was undone."
	case c.Kind == lead.AssignBatch:
		return "Undone: " + ui.Count(all, "lead has its", "leads have their") + " earlier assignee again."
	case c.Kind == lead.SuspectBatch:
		return "Undone: " + ui.Count(all, "lead is", "leads are") + " no longer marked as spam."
	}
	return "Undone: " + strings.Join(parts, ", ") + "."
}

func (c Changed) untouchedWords() string {
	leads := ui.Count(len(c.Untouched), "lead was", "leads were")
	if c.Undone {
		return leads + " not undone, because of a later change:"
	}
	return leads + " not changed, because someone else changed them first or the change does not apply:"
}

// answeredWords ask what only the staff can know.
func answeredWords(leads int) string {
	if leads == 1 {
		return "We have sent no reply to this person. Did you answer them another way, such as by phone?"
	}
	return "We have sent no reply to at least one of these people. Did you answer all of them another way, such as by phone?"
}

// keptPlaces says until when places are kept for leads whose change can be undone, and where they go then.
func keptPlaces(n int, until time.Time, p ui.Page) string {
	clock := until.In(p.Promise.Location()).Format("15:04")
	return fmt.Sprintf("%s to the next in line at %s. Until then the change can be undone.",
		ui.Count(n, "place goes", "places go"), clock)
}

// stateWords say a lead's status to staff: "Contacted", "New, suspected spam".
func stateWords(s lead.Status, suspect bool) string {
	words := text.Capitalise(string(s))
	if suspect {
		words += ", suspected spam"
	}
	return words
}

// bulkWords name a status that several leads are moved to. The first two say that the prospects were answered.
func bulkWords(to lead.Status) string {
	if to == lead.Contacted || to == lead.Qualified {
		return text.Capitalise(string(to)) + " (answered)"
	}
	return text.Capitalise(string(to))
}
