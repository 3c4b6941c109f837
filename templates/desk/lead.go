// Package desk holds the staff pages about leads: the list, a lead, the inbox, deliveries. Start with LeadPage.
package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

// causeWords says why a lead is suspect.
func causeWords(list []lead.Cause) string {
	if len(list) == 0 {
		return "A member marked it as spam."
	}
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = ui.CauseWords[c]
	}
	return "It looks like spam: " + strings.Join(words, ", ") + "."
}

// staffStep says a step to staff: "Mara Lind replied", or "Moved to Lost" where no member did it.
func staffStep(e lead.Event) string {
	by := func(active, passive string) string {
		if e.Member == "" {
			return passive
		}
		return e.Member + " " + active
	}
	status := text.Capitalise(string(e.Status))
	switch e.Kind {
	case lead.Received:
		return by("entered it", "Arrived")
	case lead.Placed:
		return "Got a place that became free"
	case lead.Noted:
		return "A message arrived"
	case lead.AutoAnswered:
		return "An automatic reply arrived by email"
	case lead.ReadReceipt:
		return "A read receipt arrived by email"
	case lead.Withdrew:
		return "The prospect withdrew the request"
	case lead.Resumed:
		return "The prospect undid the withdrawal"
	case lead.EmailCorrected:
		return by("corrected the email address", "The prospect corrected the email address")
	case lead.FollowUpSet:
		return by("planned a follow-up", "")
	case lead.FollowUpRemoved:
		return by("removed the follow-up", "")
	case lead.Suspected:
		return by("marked it as spam", "Marked as suspected spam")
	case lead.Cleared:
		return by("marked it as not spam", "Marked as not spam")
	case lead.DataErased:
		return by("erased it", "Erased")
	case lead.Replied:
		return by("replied", "Replied")
	case lead.TeamNoted:
		return by("added a team note", "Team note added")
	case lead.Called:
		return by("wrote down a call or a meeting", "Call or meeting written down")
	case lead.Recognised:
		return by("said that the prospect wrote an email", "The prospect wrote an email")
	case lead.NeedsNone:
		return by("said that no answer is needed", "No answer needed")
	case lead.Undone:
		return by("moved it back to "+status, "Moved back to "+status)
	case lead.Assigned:
		switch e.Assignee {
		case "":
			return by("unassigned it", "Unassigned")
		case e.Member:
			return by("took it", "")
		}
		return by("assigned it to "+e.Assignee, "Assigned to "+e.Assignee)
	}
	return by("moved it to "+status, "Moved to "+status)
}

// staffPlace says a lead's place to staff: "Reserved, Nov 2026".
func staffPlace(l lead.Lead) string {
	switch {
	case l.Place == lead.Held:
		return "Reserved, " + l.Month.Format("Jan 2006")
	case l.Place == lead.Waitlist && l.Waiting > 0:
		return fmt.Sprintf("Waitlist, number %d", l.Waiting)
	case l.Place == lead.Waitlist:
		return "Waitlist"
	}
	return "None"
}

// mailTime returns the last attempt of a mail, or when it was made.
func mailTime(d lead.Delivery) time.Time {
	if d.TriedAt != nil {
		return *d.TriedAt
	}
	return d.MadeAt
}

// earlierWords says when another lead came and what its status is, before its guide.
func earlierWords(e lead.Earlier, p lead.Promise) string {
	words := dateAndStatus(e, p)
	if e.GuideTitle != "" {
		words += ", "
	}
	return words
}

// endOfItem returns what follows an item of a sentence that lists leads.
func endOfItem(i int, list []lead.Earlier) string {
	if i < len(list)-1 {
		return "; "
	}
	return ". "
}

// eachHasPlace reports whether the lead and one that may be the same request both have a place or wait for one.
func (p LeadPage) eachHasPlace() bool {
	return p.Lead.Place != lead.NoPlace &&
		slices.ContainsFunc(p.Earlier, func(e lead.Earlier) bool { return e.Place != lead.NoPlace })
}

func dateAndStatus(e lead.Earlier, p lead.Promise) string {
	words := e.ReceivedAt.In(p.Location()).Format("2 Jan 2006") + ", " + string(e.Status)
	if e.Suspect {
		words += ", suspect"
	}
	return words
}

// asks reports that nobody has answered yet, so that a move has to say whether somebody did some other way.
func (p LeadPage) asks() bool {
	return p.Lead.AnsweredAt == nil && p.Lead.Status == lead.New && !p.Lead.Suspect
}

// moveTo returns the statuses that one press moves the lead to.
func (p LeadPage) moveTo() []lead.Status {
	if p.Lead.Suspect {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Lead.Status.Moves()),
		func(to lead.Status) bool { return to == lead.Lost && p.asks() })
}

// nameOf returns a member's name, with a word if they are gone.
func nameOf(m staff.Member) string {
	if m.Disabled {
		return m.Name + " (disabled)"
	}
	return m.Name
}

// assignable returns the members that a lead can be given to, and the one who has it.
func assignable(members []staff.Member, current int64) []staff.Member {
	var choices []staff.Member
	for _, m := range members {
		if !m.Disabled || m.ID == current {
			choices = append(choices, m)
		}
	}
	return choices
}

// wroteFrom returns the other addresses that emails of the prospect on the lead came from, the latest first.
func (p LeadPage) wroteFrom() (addresses []string) {
	for _, m := range slices.Backward(p.Messages) {
		known := func(other string) bool { return strings.EqualFold(other, m.SenderAddress) }
		if m.Kind == lead.MailMessage && m.SenderAddress != "" && !known(p.Lead.Email) && !slices.ContainsFunc(addresses, known) {
			addresses = append(addresses, m.SenderAddress)
		}
	}
	return addresses
}

// callHint says what writing a call down does.
func (p LeadPage) callHint() string {
	if p.Lead.NeedsAnswer {
		return "Only your team sees it. It marks the lead as answered, unless they wrote after the call."
	}
	return "Only your team sees it."
}
