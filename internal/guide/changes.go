package guide

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Changes returns in plain sentences what a reader finds changed since the edition before; nil before is the first edition.
// A mere re-check (other dates, other sources of the same words) is not a change.
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
	c.profiles()
	c.questions()
	verdict := c.verdict()
	if len(c.sentences) == 0 && len(before.UnderReview) > 0 && len(e.UnderReview) == 0 {
		c.tell("We read the guide again after facts changed. All judgements stay the same.")
	}
	if len(c.sentences) > 0 && !verdict {
		c.tell("%s", e.verdictStands())
	}
	return c.sentences
}

type changes struct {
	before, now *Edition
	sentences   []string
}

func (c *changes) tell(format string, args ...any) {
	c.sentences = append(c.sentences, fmt.Sprintf(format, args...))
}

// reworded reports a text that changed.
func (c *changes) reworded(what, was, now string) {
	if was != now {
		c.tell("%s was re-worded.", what)
	}
}

func (e *Edition) verdictStands() string {
	if e.IsUnderReview(e.Guide.Verdict.RestsOn) {
		return "The verdict is based on this and is under review."
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
	for was, now := range pairs(c.before.Rows(), c.now.Rows(), func(r Row) string { return r.ID }) {
		switch {
		case was == nil:
			c.tell("New row: %s.", now.Label)
			continue
		case now == nil:
			c.tell("Row removed: %s.", was.Label)
			continue
		case was.Label != now.Label:
			c.tell("The row %s is now called %s.", was.Label, now.Label)
		}
		c.values(was, now)
		if was.Edge != now.Edge {
			c.tell("%s: %s, previously %s.", now.Label, c.now.edgeWords(now.Edge), c.before.edgeWords(was.Edge))
		} else {
			c.reworded(now.Label+": the reason", was.Why, now.Why)
		}
	}
}

func (c *changes) values(before, after *Row) {
	for was, now := range pairs(before.Values, after.Values, func(v Value) string { return v.Option.Slug }) {
		if was == nil || now == nil {
			continue
		}
		what := fmt.Sprintf("%s, %s", now.Option.Name, after.Label)
		switch {
		case was.Value != now.Value:
			c.tell("%s: “%s” is now “%s”.", what, was.words(), now.words())
		case was.Confidence != now.Confidence:
			c.tell("%s: now %s, previously %s.", what, now.Confidence, was.Confidence)
		default:
			c.reworded(what+": the detail", was.Detail, now.Detail)
		}
	}
}

// words returns the value in plain text, or that it is unknown.
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
	if !slices.Equal(was.Level.Take, now.Level.Take) {
		c.tell("If your reasons come out equal, we now say: choose %s.", strings.Join(c.now.names(now.Level.Take), ", then "))
	} else {
		c.reworded("The advice for reasons that come out equal", was.Level.Why, now.Level.Why)
	}
}

func (c *changes) together(was, now Together) {
	switch none := (Together{}); {
	case was == now:
	case was == none:
		c.tell("The guide now says when to use several of these together.")
	case now == none:
		c.tell("The advice to use several of these together was removed.")
	default:
		c.tell("The advice to use several of these together was re-worded.")
	}
}

func (c *changes) prose() {
	was, now := c.before.Guide, c.now.Guide
	c.reworded("The title", was.Title, now.Title)
	c.reworded("The subtitle", was.Subtitle, now.Subtitle)
	c.reworded("The introduction", was.Intro, now.Intro)
	c.together(was.Both, now.Both)
	for was, now := range pairs(was.Dimensions, now.Dimensions, func(d Dimension) string { return d.ID }) {
		switch {
		case was == nil:
			c.tell("New section: %s.", now.Title)
		case now == nil:
			c.tell("Section removed: %s.", was.Title)
		case was.Title != now.Title || was.Means != now.Means || !maps.Equal(was.Text, now.Text):
			c.tell("Section re-worded: %s.", now.Title)
		}
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
	for was, now := range pairs(c.before.Guide.Questions, c.now.Guide.Questions, func(q Question) string { return q.ID }) {
		switch {
		case was == nil:
			c.tell("New question: %s", now.Question)
		case now == nil:
			c.tell("Question removed: %s", was.Question)
		case was.Answer != now.Answer:
			c.tell("Answer re-worded: %s", now.Question)
		case was.Question != now.Question:
			c.tell("Question re-worded: %s", now.Question)
		}
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

// pairs yields what two lists hold under each id, nil for what is new or gone: first what the later list holds, in its
// order, then what is gone, in the order of the ids.
func pairs[T any](before, now []T, id func(T) string) iter.Seq2[*T, *T] {
	return func(yield func(was, now *T) bool) {
		gone := map[string]*T{}
		for i := range before {
			gone[id(before[i])] = &before[i]
		}
		for i := range now {
			was := gone[id(now[i])]
			delete(gone, id(now[i]))
			if !yield(was, &now[i]) {
				return
			}
		}
		for _, id := range slices.Sorted(maps.Keys(gone)) {
			if !yield(gone[id], nil) {
				return
			}
		}
	}
}
