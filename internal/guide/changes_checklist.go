package guide

import "slices"

// conditions tells what changed in the reasons that a reader can tick.
func (c *changes) conditions() {
	for was, now := range pairs(c.before.reasons(), c.now.reasons(), func(r reason) string { return r.ID }) {
		switch {
		case was == nil:
			c.tell("New reason to choose %s: “%s”.", now.option.Name, PlainText(now.Text))
		case now == nil:
			c.tell("Reason to choose %s removed: “%s”.", was.option.Name, PlainText(was.Text))
		case was.Text != now.Text:
			c.tell("Reason to choose %s re-worded: “%s”.", now.option.Name, PlainText(now.Text))
		case was.Weight != now.Weight:
			c.tell("The reason “%s” now counts %d, previously %d.", PlainText(now.Text), now.Weight, was.Weight)
		}
		if was != nil && now != nil {
			c.exclusions(was, now)
		}
	}
}

// exclusions tells what a reason now rules out or no longer does, and whether it counts together with other reasons.
func (c *changes) exclusions(was, now *reason) {
	for _, o := range c.now.Options {
		switch before, after := slices.Contains(was.RulesOut, o.Slug), slices.Contains(now.RulesOut, o.Slug); {
		case after && !before:
			c.tell("The reason “%s” now rules out %s.", PlainText(now.Text), o.Name)
		case before && !after:
			c.tell("The reason “%s” no longer rules out %s.", PlainText(now.Text), o.Name)
		}
	}
	if was.Group != now.Group {
		c.tell("The reason “%s” now counts with other reasons than before.", PlainText(now.Text))
	}
}

func (c *changes) profiles() {
	for was, now := range pairs(c.before.Guide.Profiles, c.now.Guide.Profiles, func(p Profile) string { return p.Name }) {
		switch {
		case was == nil:
			c.tell("New example project: %s.", now.Name)
		case now == nil:
			c.tell("Example project removed: %s.", was.Name)
		case was.Expect != now.Expect || !slices.Equal(was.Tick, now.Tick) || !slices.Equal(was.Must, now.Must):
			c.tell("Example project changed: %s.", now.Name)
		}
	}
}
