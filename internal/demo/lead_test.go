package demo

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/postgres"
)

// sampleCrowd is a crowd that needs no database.
func sampleCrowd(t *testing.T, size int) *crowd {
	t.Helper()
	c := &crowd{
		size: size, now: day, members: []int64{1, 2},
		promise: lead.Promise{ReplyHours: 24, Keep: lead.Retention{Lost: 180, Withdrawn: 30, Suspect: 30}},
	}
	set := New(20, day)
	for g := range set.Guides(30) {
		e, _, err := guide.NewEdition(g, 1, set.Options, nil)
		if err != nil {
			t.Fatal(err)
		}
		c.guides = append(c.guides, e)
	}
	return c
}

func TestSampleLeadsCouldHaveBeenSentAndDealtWith(t *testing.T) {
	t.Parallel()
	c := sampleCrowd(t, 3000)

	last := c.now.AddDate(-6, 0, 0)
	for number := 1; number <= c.size; number++ {
		l := c.lead(number)
		if l.ReceivedAt.Before(last) || l.ReceivedAt.After(c.now) || !l.DueAt.Equal(l.ReceivedAt.Add(24*time.Hour)) {
			t.Errorf("lead %d arrived at %v, after one of %v, and is due at %v", number, l.ReceivedAt, last, l.DueAt)
		}
		last = l.ReceivedAt
		wantLife(t, l, c.now)
		if l.Status == lead.Erased {
			if l.Contents != (lead.Contents{}) {
				t.Errorf("%s is erased and says %+v", l.Token, l.Contents)
			}
			continue
		}
		form := lead.Form{
			Name: l.Name, Email: l.Email, Company: l.Company, Project: l.Project, Timeline: l.Timeline, Budget: l.Budget, Agreed: true,
		}
		if wrong := form.Check(); wrong != nil || form.Contents() != l.Contents {
			t.Errorf("the form would not have taken %s: %v", l.Token, wrong)
		}
	}
}

// wantLife checks that each step was allowed, in time, and led to what the lead is.
func wantLife(t *testing.T, l postgres.SampleLead, now time.Time) {
	t.Helper()
	for i, step := range l.History {
		if i == 0 {
			if step.Kind != lead.Received || !step.At.Equal(l.ReceivedAt) {
				t.Errorf("%s begins with %+v", l.Token, step)
			}
			continue
		}
		before := l.History[i-1]
		if step.At.Before(before.At) || step.At.After(now) {
			t.Errorf("%s: %+v comes after %+v", l.Token, step, before)
		}
		byMember := step.Kind == lead.Moved || step.Kind == lead.Assigned
		if byMember != (step.Member != 0) || (step.Kind == lead.Assigned) != (step.Assignee != 0) || step.Kind == lead.Moved && !before.Status.MayMove(step.Status) {
			t.Errorf("%s: nobody may do %+v after %+v", l.Token, step, before)
		}
	}
	if end := l.History[len(l.History)-1]; end.Status != l.Status {
		t.Errorf("%s is %s after %+v", l.Token, l.Status, end)
	}
	if answered := l.AnsweredAt != nil; answered && l.AnsweredAt.Before(l.ReceivedAt) || !answered && (l.Status == lead.Contacted || l.Status == lead.Won) {
		t.Errorf("%s is %s, arrived at %v and was answered at %v", l.Token, l.Status, l.ReceivedAt, l.AnsweredAt)
	}
}

func TestSampleLeadSaysTheSameInACrowdOfAnySize(t *testing.T) {
	t.Parallel()
	few, many := sampleCrowd(t, 30), sampleCrowd(t, 40)

	for number := 1; number <= few.size; number++ {
		one, two := few.lead(number), many.lead(number)
		if fmt.Sprint(one.Choices) != fmt.Sprint(two.Choices) {
			t.Errorf("lead %d chose %+v, then %+v", number, one.Choices, two.Choices)
		}
		if one.Project != "" && two.Project != "" && one.Contents != two.Contents {
			t.Errorf("lead %d said %+v, then %+v", number, one.Contents, two.Contents)
		}
	}
}

func TestSomeSampleLeadsAlwaysWaitForAnAnswer(t *testing.T) {
	t.Parallel()

	for size, want := range map[int]struct{ least, most int }{
		1: {0, 1}, 5: {3, 5}, 20: {5, 20}, 100: {5, 12}, 1000: {5, 15}, 100_000: {150, 250},
	} {
		c := sampleCrowd(t, size)
		waiting, late := 0, 0
		for number := max(1, size-max(50, size/50)); number <= size; number++ {
			l := c.lead(number)
			if l.Suspect || l.Status != lead.New {
				continue
			}
			waiting++
			if l.DueAt.Before(c.now) {
				late++
			}
		}
		if waiting < want.least || waiting > want.most || late > waiting/2 || size > 1000 && late == 0 {
			t.Errorf("of %d, %d wait for an answer and %d of those too long; want %d to %d", size, waiting, late, want.least, want.most)
		}
	}
}

func TestSampleLeadsAreOfAllKinds(t *testing.T) {
	t.Parallel()
	c := sampleCrowd(t, 20_000)

	states, kinds, senders := map[lead.Status]int{}, map[string]int{}, map[string]int{}
	for number := 1; number <= c.size; number++ {
		l := c.lead(number)
		states[l.Status]++
		senders[l.Email]++
		words := len(strings.Fields(l.Project))
		for kind, is := range map[string]bool{
			"suspect": l.Suspect, "suspect now": l.Suspect && l.Status == lead.New, "general": l.Guide == "",
			"undecided": l.Guide != "" && l.Option == lead.Undecided, "ticked": len(l.Ticks) > 1, "assigned": l.AssigneeID != 0, "long": words > 500, "short": words > 0 && words < 30,
			"Hebrew": strings.Contains(l.Project, hebrew[0]), "Arabic": strings.Contains(l.Project, arabic[0]),
			"long name": utf8.RuneCountInString(l.Name) > 150, "emoji": strings.Contains(l.Name, emoji[0]),
			"late": l.AnsweredAt != nil && l.AnsweredAt.After(l.DueAt),
		} {
			if is {
				kinds[kind]++
			}
		}
	}
	for _, s := range []lead.Status{lead.New, lead.Contacted, lead.Qualified, lead.Won, lead.Lost, lead.Withdrawn, lead.Erased} {
		if states[s] == 0 {
			t.Errorf("none is %s: %v", s, states)
		}
	}
	if len(kinds) != 13 || kinds["suspect"] < c.size/100 || kinds["late"] > c.size/10 {
		t.Errorf("kinds: %v", kinds)
	}
	delete(senders, "")
	if again := c.size - states[lead.Erased] - len(senders); again < c.size/50 {
		t.Errorf("%d came from somebody who had sent one before", again)
	}
}
