package intake

import (
	"net/url"

	"tiebreak/internal/guide"
	"tiebreak/internal/lead"
	"tiebreak/internal/web/page"
	"tiebreak/internal/web/public"
)

// leadForm takes the intake form out of posted or linked values.
func leadForm(v url.Values) lead.Form {
	f := lead.Form{
		Name: page.OneLine(v, "name"), Email: page.Text(v, "email"), Company: page.OneLine(v, "company"),
		Project: page.Text(v, "project"), Timeline: page.OneLine(v, "timeline"), Budget: page.OneLine(v, "budget"),
		Option: page.Text(v, "option"), Agreed: v.Has("consent"),
		Guide: page.Text(v, "guide"), Edition: page.Text(v, "edition"), Key: page.Text(v, "key"),
		Stamp: page.Text(v, "stamp"), Honeypot: page.Text(v, "website"),
	}
	for name, into := range map[string]*[]string{"tick": &f.Ticks, "must": &f.Must, "weight": &f.Weights} {
		for _, value := range v[name] {
			if value != "" {
				*into = append(*into, page.Storable(value))
			}
		}
	}
	return f
}

// ticked returns the ticks of the form.
func ticked(f lead.Form) guide.Ticks {
	return guide.Ticks{Tick: f.Ticks, Must: f.Must, Weight: f.Weights}
}

// choices returns what the form takes along from the edition; nil is a general request.
func choices(e *guide.Edition, f lead.Form) lead.Choices {
	if e == nil {
		return lead.Choices{Option: lead.Undecided}
	}
	c := lead.Choices{
		Guide: f.Guide, GuideTitle: e.Guide.Title, Edition: e.Digest,
		Option: lead.Undecided, Ticks: public.Ticks(e, ticked(f)),
	}
	if o, known := e.Option(f.Option); known {
		c.Option, c.OptionName = o.Slug, o.Name
	}
	return c
}
