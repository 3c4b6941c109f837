package guide

import (
	"fmt"
	"maps"
	"slices"
)

// Changes says in plain sentences what a reader finds changed since the edition before; nil before is the first edition.
// A mere re-check (other dates, other sources of the same words) is no change: the result is then empty.
func (e *Edition) Changes(before *Edition) []string {
	if before == nil {
		return []string{"First published."}
	}
	c := changes{before: before, now: e}
	c.compared()
	c.rows()
	c.answers()
	c.prose()
	c.conditions()
	c.questions()
	verdict := c.verdict()
	if len(c.told) == 0 && len(before.Reread) > 0 && len(e.Reread) == 0 {
		c.tell("We read the guide again after facts changed. All judgements stay the same.")
	}
	if len(c.told) > 0 && !verdict {
		c.tell("%s", e.verdictStands())
	}
	return c.told
}

type changes struct {
	before, now *Edition
	told        []string
}

func (c *changes) tell(format string, args ...any) {
	c.told = append(c.told, fmt.Sprintf(format, args...))
}

// reworded tells of a text that changed.
func (c *changes) reworded(what, was, now string) {
	if was != now {
		c.tell("%s was re-worded.", what)
	}
}

func (e *Edition) verdictStands() string {
	if e.Rereading(e.Guide.Verdict.RestsOn) {
		return "The verdict is based on this and is being re-read."
	}
	return "Verdict unchanged."
}

func (c *changes) compared() {
	for _, o := range c.now.Options {
		if _, was := c.before.Option(o.Slug); !was {
			c.tell("%s is now compared too.", o.Name)
		}
	}
	for _, o := range c.before.Options {
		if now, is := c.now.Option(o.Slug); !is {
			c.tell("%s is no longer compared.", o.Name)
		} else if now.Name != o.Name {
			c.tell("%s is now called %s.", o.Name, now.Name)
		}
	}
}

func (c *changes) rows() {
	before := byID(c.before.Rows(), func(r Row) string { return r.ID })
	for _, r := range c.now.Rows() {
		was, known := before[r.ID]
		delete(before, r.ID)
		if !known {
			c.tell("New row: %s.", r.Label)
			continue
		}
		if was.Label != r.Label {
			c.tell("The row %s is now called %s.", was.Label, r.Label)
		}
		c.values(was, r)
		if was.Edge != r.Edge {
			c.tell("%s: %s, previously %s.", r.Label, c.now.edgeWords(r.Edge), c.before.edgeWords(was.Edge))
		} else {
			c.reworded(r.Label+": the reason", was.Why, r.Why)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		c.tell("Row removed: %s.", before[id].Label)
	}
}

func (c *changes) values(was, now Row) {
	before := byID(was.Values, func(v Value) string { return v.Option.Slug })
	for _, v := range now.Values {
		old, known := before[v.Option.Slug]
		what := fmt.Sprintf("%s, %s", v.Option.Name, now.Label)
		switch {
		case !known:
		case old.Value != v.Value:
			c.tell("%s: “%s” is now “%s”.", what, old.words(), v.words())
		case old.Confidence != v.Confidence:
			c.tell("%s: now %s, previously %s.", what, v.Confidence, old.Confidence)
		default:
			c.reworded(what+": the detail", old.Detail, v.Detail)
		}
	}
}

// words are the value in plain text, or that there is none.
func (v Value) words() string {
	if v.Confidence == Unknown {
		return string(Unknown)
	}
	return PlainText(v.Value)
}

func (e *Edition) edgeWords(edge string) string {
	switch edge {
	case Even:
		return "a tie"
	case string(Unknown):
		return "not counted"
	}
	o, _ := e.Option(edge)
	return o.Name + " ahead"
}

func (c *changes) answers() {
	was, now := c.before.Guide, c.now.Guide
	for _, o := range c.now.Options {
		if _, known := c.before.Option(o.Slug); known {
			c.reworded("The answer for "+o.Name, was.Answer[o.Slug], now.Answer[o.Slug])
		}
	}
	if was.Level.Take != now.Level.Take {
		o, _ := c.now.Option(now.Level.Take)
		c.tell("If your reasons come out equal, we now say: choose %s.", o.Name)
	} else {
		c.reworded("The advice for reasons that come out equal", was.Level.Why, now.Level.Why)
	}
}

func (c *changes) prose() {
	was, now := c.before.Guide, c.now.Guide
	c.reworded("The title", was.Title, now.Title)
	c.reworded("The subtitle", was.Subtitle, now.Subtitle)
	c.reworded("The introduction", was.Intro, now.Intro)
	before := byID(was.Dimensions, func(d Dimension) string { return d.ID })
	for _, d := range now.Dimensions {
		old, known := before[d.ID]
		delete(before, d.ID)
		switch {
		case !known:
			c.tell("New section: %s.", d.Title)
		case old.Title != d.Title || old.Means != d.Means || !maps.Equal(old.Text, d.Text):
			c.tell("Section re-worded: %s.", d.Title)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		c.tell("Section removed: %s.", before[id].Title)
	}
}

func (c *changes) conditions() {
	before := byID(c.before.reasons(), func(r reason) string { return r.ID })
	for _, r := range c.now.reasons() {
		was, known := before[r.ID]
		delete(before, r.ID)
		switch {
		case !known:
			c.tell("New reason to choose %s: “%s”.", r.option.Name, PlainText(r.Text))
		case was.Text != r.Text:
			c.tell("Reason to choose %s re-worded: “%s”.", r.option.Name, PlainText(r.Text))
		case was.Weight != r.Weight:
			c.tell("The reason “%s” now counts %d, previously %d.", PlainText(r.Text), r.Weight, was.Weight)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		c.tell("Reason to choose %s removed: “%s”.", before[id].option.Name, PlainText(before[id].Text))
	}
}

// reason is a condition and the option that it speaks for.
type reason struct {
	Condition
	option Option
}

func (e *Edition) reasons() []reason {
	var reasons []reason
	for _, o := range e.Options {
		for _, c := range e.Guide.Conditions[o.Slug] {
			reasons = append(reasons, reason{c, o})
		}
	}
	return reasons
}

func (c *changes) questions() {
	before := byID(c.before.Guide.Questions, func(q Question) string { return q.ID })
	for _, q := range c.now.Guide.Questions {
		was, known := before[q.ID]
		delete(before, q.ID)
		switch {
		case !known:
			c.tell("New question: %s", q.Question)
		case was.Answer != q.Answer:
			c.tell("Answer re-worded: %s", q.Question)
		case was.Question != q.Question:
			c.tell("Question re-worded: %s", q.Question)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		c.tell("Question removed: %s", before[id].Question)
	}
}

// verdict reports whether the verdict changed.
func (c *changes) verdict() bool {
	was, now := c.before.Guide.Verdict, c.now.Guide.Verdict
	switch {
	case was.Headline != now.Headline:
		c.tell("The verdict is now: “%s”", PlainText(now.Headline))
	case was.Text != now.Text:
		c.tell("The verdict’s text was re-worded. Its headline is unchanged.")
	default:
		return false
	}
	return true
}

func byID[T any](list []T, id func(T) string) map[string]T {
	found := make(map[string]T, len(list))
	for _, item := range list {
		found[id(item)] = item
	}
	return found
}
