package web

import (
	"net/url"
	"strings"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	typed "tiebreak/internal/text"
)

// leadForm takes the intake form out of posted or linked values.
func leadForm(v url.Values) lead.Form {
	f := lead.Form{
		Name: oneLine(v, "name"), Email: text(v, "email"), Company: oneLine(v, "company"),
		Project: text(v, "project"), Timeline: oneLine(v, "timeline"), Budget: oneLine(v, "budget"),
		Option: text(v, "option"), Agreed: v.Has("consent"),
		Guide: text(v, "guide"), Edition: text(v, "edition"), Key: text(v, "key"),
		Stamp: text(v, "stamp"), Trap: text(v, "website"),
	}
	for _, tick := range v["tick"] {
		f.Ticks = append(f.Ticks, storable(tick))
	}
	return f
}

func text(v url.Values, name string) string { return storable(v.Get(name)) }

// oneLine returns what was typed into a field of one line, which a browser sends without control characters.
func oneLine(v url.Values, name string) string { return typed.WithoutControls(text(v, name), "") }

// storable replaces what PostgreSQL's text cannot hold, a NUL or broken UTF-8, by the sign for "a character was here",
// and ends lines in one way: a browser that reads them makes one of all, so what is kept is what it shows and sends again.
func storable(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	return lead.OneBreak.Replace(text)
}

// ticksIn words the ticked conditions as the edition does, in the page's order; ids that it does not have are no ticks.
func ticksIn(e *guide.Edition, ids []string) []lead.Tick {
	ticked := e.Tally(ids).Ticked
	var ticks []lead.Tick
	for _, o := range e.Options {
		for _, c := range e.Guide.Conditions[o.Slug] {
			if ticked[c.ID] {
				ticks = append(ticks, lead.Tick{ID: c.ID, Option: o.Slug, OptionName: o.Name, Text: c.Text, Weight: c.Weight})
			}
		}
	}
	return ticks
}

// choicesIn is what the form takes along from the edition; nil is a general request.
func choicesIn(e *guide.Edition, f lead.Form) lead.Choices {
	if e == nil {
		return lead.Choices{Option: lead.Undecided}
	}
	c := lead.Choices{
		Guide: e.Guide.Slug, GuideTitle: e.Guide.Title, Edition: e.Digest,
		Option: lead.Undecided, Ticks: ticksIn(e, f.Ticks),
	}
	if o, known := e.Option(f.Option); known {
		c.Option, c.OptionName = o.Slug, o.Name
	}
	return c
}
