package demo

import (
	"math/rand/v2"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// courses are the ways that leads go, with the percentage that goes each.
var courses = []struct {
	percent int
	steps   []lead.Status
}{
	{46, []lead.Status{lead.Contacted, lead.Qualified, lead.Won}},
	{5, []lead.Status{lead.Contacted, lead.Won}},
	{12, []lead.Status{lead.Lost}},
	{15, []lead.Status{lead.Contacted, lead.Lost}},
	{12, []lead.Status{lead.Contacted, lead.Qualified, lead.Lost}},
	{3, []lead.Status{lead.Withdrawn}},
	{5, []lead.Status{lead.Contacted, lead.Withdrawn}},
	{2, []lead.Status{lead.Contacted, lead.Erased}},
}

func course(r *rand.Rand) []lead.Status {
	p := r.IntN(100)
	for _, c := range courses {
		if p -= c.percent; p < 0 {
			return c.steps
		}
	}
	panic("the courses are not all of them")
}

// live takes the lead along its course as far as it has come by now. Nobody deals with a suspect.
func (c *crowd) live(l *postgres.SampleLead, r *rand.Rand, fresh bool) {
	step(l, l.ReceivedAt, lead.New, 0)
	if l.Suspect {
		return
	}
	age := c.now.Sub(l.ReceivedAt)
	wait := c.firstStep(r, age, fresh)
	var member int64
	if len(c.members) > 0 {
		member = one(r, c.members)
	}
	if member > 0 && r.IntN(3) == 0 {
		assign(l, l.ReceivedAt.Add(min(wait, age)/2), one(r, c.members), member)
	}
	at := l.ReceivedAt.Add(wait)
	for _, next := range course(r) {
		if at.After(c.now) {
			return
		}
		step(l, at, next, member)
		at = at.Add(time.Duration(between(r, 20*60, 480*60)) * time.Minute)
	}
}

// firstStep is how long a lead waits until something happens to it: mostly within the promised time, sometimes up to
// eight times as long. Four in five fresh ones still wait.
func (c *crowd) firstStep(r *rand.Rand, age time.Duration, fresh bool) time.Duration {
	p := r.Float64()
	switch part := func(of time.Duration) time.Duration { return time.Duration(p * p * float64(of)) }; {
	case fresh && r.IntN(5) > 0:
		return age + c.reply()
	case fresh:
		return part(age)
	case r.IntN(100) < 8:
		return c.reply() + part(7*c.reply())
	default:
		return part(c.reply())
	}
}

// step moves the lead to a status. What only a member can do is told where there is one.
func step(l *postgres.SampleLead, at time.Time, to lead.Status, member int64) {
	at = at.Truncate(time.Second)
	kind := lead.Moved
	switch to {
	case lead.New:
		kind, member = lead.Received, 0
	case lead.Withdrawn:
		kind, member = lead.Withdrew, 0
	case lead.Erased:
		kind, member = lead.Forgotten, 0
	default:
		if l.AnsweredAt == nil {
			l.AnsweredAt = &at
		}
	}
	l.Status = to
	if kind != lead.Moved || member != 0 {
		l.History = append(l.History, postgres.SampleStep{At: at, Kind: kind, Status: to, Member: member})
	}
}

// assign gives the lead to the one who will deal with it.
func assign(l *postgres.SampleLead, at time.Time, by, member int64) {
	l.AssigneeID = member
	l.History = append(l.History, postgres.SampleStep{
		At: at.Truncate(time.Second), Kind: lead.Assigned, Status: lead.New, Member: by, Assignee: member,
	})
}

// retire erases the lead if it has been closed for as long as the promise keeps it, or will have been within the day:
// the site's own daily run would do that, one lead at a time.
func (c *crowd) retire(l *postgres.SampleLead) {
	keep, days := c.promise.Keep, 0
	switch {
	case l.Status == lead.Erased:
	case l.Suspect:
		days = keep.Suspect
	case l.Status == lead.Won:
		days = keep.Won
	case l.Status == lead.Lost:
		days = keep.Lost
	case l.Status == lead.Withdrawn:
		days = keep.Withdrawn
	}
	if days == 0 {
		return
	}
	over := l.History[len(l.History)-1].At.AddDate(0, 0, days)
	if over.After(c.now.AddDate(0, 0, 1)) {
		return
	}
	if over.After(c.now) {
		over = c.now
	}
	step(l, over, lead.Erased, 0)
}
