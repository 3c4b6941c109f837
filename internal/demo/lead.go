package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// crowd sends sample leads, one for each number from 1 on. What a lead says follows from its number and the guides; when
// it arrives follows from how many there are, for they are spread over the years up to now.
type crowd struct {
	size    int
	now     time.Time
	promise lead.Promise
	members []int64          // who deals with the leads; without any, no page could say who did
	guides  []*guide.Edition // where the leads come from
}

// lead is the lead with the number as it stands now.
func (c *crowd) lead(number int) postgres.SampleLead {
	r := chance(fmt.Sprint("lead ", number))
	age := c.age(number, r)
	l := postgres.SampleLead{Lead: lead.Lead{
		Token: lead.SampleToken(number), ReceivedAt: c.now.Add(-age).Truncate(time.Second), Choices: c.choices(r),
	}}
	l.DueAt = l.ReceivedAt.Add(c.reply())
	if r.IntN(50) == 0 {
		l.Suspect, l.Causes = true, some(r, causes, between(r, 1, 3))
	}
	c.live(&l, r, number > c.size-c.fresh())
	c.retire(&l)
	if l.Status != lead.Erased {
		l.Contents = contents(chance(fmt.Sprint("words of lead ", number)), number, l.Lead)
	}
	return l
}

func (c *crowd) reply() time.Duration { return time.Duration(c.promise.ReplyHours) * time.Hour }

// fresh is how many of the leads are so young that hardly any was answered yet.
func (c *crowd) fresh() int { return min(c.size, max(8, c.size/400)) }

// age is how long ago the lead with the number arrived: the greater the number, the shorter. One in five of the fresh
// ones is overdue; the others are spread over five years.
func (c *crowd) age(number int, r *rand.Rand) time.Duration {
	const all = 5 * 365 * 24 * time.Hour
	young, fresh := c.reply()*5/4, c.fresh()
	part := func(of time.Duration, from, to int) time.Duration {
		return time.Duration(float64(of) * (float64(to-number) + r.Float64()) / float64(to-from))
	}
	if number > c.size-fresh {
		return part(young, c.size-fresh, c.size)
	}
	return young + part(all-young, 0, c.size-fresh)
}

// choices are the guide that it comes from, which way it leans and what was ticked; one in ten comes from none.
func (c *crowd) choices(r *rand.Rand) lead.Choices {
	if r.IntN(10) == 0 {
		return lead.Choices{Option: lead.Undecided}
	}
	e := oftenFirst(r, c.guides)
	chosen := lead.Choices{Guide: e.Guide.Slug, GuideTitle: e.Guide.Title, Edition: e.Digest, Option: lead.Undecided}
	if r.IntN(3) > 0 {
		o := one(r, e.Options)
		chosen.Option, chosen.OptionName = o.Slug, o.Name
	}
	for _, o := range e.Options {
		conditions := e.Guide.Conditions[o.Slug]
		for _, t := range some(r, conditions, r.IntN(min(len(conditions), 3)+1)) {
			chosen.Ticks = append(chosen.Ticks, lead.Tick{ID: t.ID, Option: o.Slug, OptionName: o.Name, Text: t.Text, Weight: t.Weight})
		}
	}
	return chosen
}

// oftenFirst is any of the list, the first ones much more often than the last.
func oftenFirst[T any](r *rand.Rand, list []T) T {
	p := r.Float64()
	return list[int(p*p*float64(len(list)))]
}

var causes = []lead.Cause{
	lead.Undrawn, lead.Pitch, lead.Links, lead.MostlyLinks, lead.LinkMarkup, lead.RepeatedText, lead.Hasty, lead.Trapped,
	lead.ThrowAway, lead.LinkInName, lead.RandomLetters, lead.Replayed, lead.ForgedStamp, lead.LinkInCompany, lead.ManyAtOnce,
	lead.NoScript,
}
