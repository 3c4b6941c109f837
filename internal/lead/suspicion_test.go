package lead_test

import (
	"testing"
	"time"

	"tiebreak/internal/lead"
)

// drawn are the signs of a form that a person took a minute to fill in.
var drawn = lead.Signs{Stamped: true, Age: time.Minute}

// weakSigns are what people produce too.
var weakSigns = map[string]func(c *lead.Contents, s *lead.Signs){
	"three links": func(c *lead.Contents, _ *lead.Signs) {
		c.Project += " https://a.example https://b.example/d https://c.example/f"
	},
	"web address":         func(c *lead.Contents, _ *lead.Signs) { c.Company = "www.acme.example" },
	"hidden field":        func(_ *lead.Contents, s *lead.Signs) { s.Trap = "https://acme.example" },
	"code with an anchor": func(c *lead.Contents, _ *lead.Signs) { c.Project += ` <p><a href="https://a.example">Login</a></p>` },
	"array[url]":          func(c *lead.Contents, _ *lead.Signs) { c.Project += " cache[url] = fetch(url)" },
	"JSX":                 func(c *lead.Contents, _ *lead.Signs) { c.Project += " <><Link to={url}><b>{name}</b></Link><br/></>" },
}

func TestNoWeakSignAndNoTwoOfThemAreEnough(t *testing.T) {
	t.Parallel()
	for first, add := range weakSigns {
		for second, addToo := range weakSigns {
			c := lead.Contents{Name: "Ann", Email: "ann@acme.example", Project: "We want to replace our booking system, which is slow."}
			s := drawn
			add(&c, &s)
			if second != first {
				addToo(&c, &s)
			}
			if causes, enough := lead.Suspect(c, s, lead.Company{}); enough {
				t.Errorf("%s and %s are enough: %v", first, second, causes)
			}
		}
	}
}

func TestSignsThatPeopleDoNotGiveAreEnough(t *testing.T) {
	t.Parallel()
	text := "We want to replace our booking system, which is slow."
	for what, c := range map[string]struct {
		project string
		signs   lead.Signs
		others  lead.Company
	}{
		"a forged stamp":               {text, lead.Signs{Stamped: true, StampForged: true}, lead.Company{}},
		"one form sent four times":     {text, drawn, lead.Company{SameStamp: 3}},
		"one text sent four times":     {text, drawn, lead.Company{SameText: 3}},
		"too fast, hidden field":       {text, lead.Signs{Stamped: true, Age: time.Second, Trap: "x"}, lead.Company{}},
		"links for pages and forums":   {`<a href="http://a.example">x</a> [url=http://b.example]y[/url]`, lead.Signs{Undrawn: true}, lead.Company{}},
		"an offer to rank our website": {"We offer SEO for your website at the best price.", drawn, lead.Company{}},
	} {
		if causes, enough := lead.Suspect(lead.Contents{Name: "Ann", Email: "ann@acme.example", Project: c.project}, c.signs, c.others); !enough {
			t.Errorf("%s is not enough: %v", what, causes)
		}
	}
}
