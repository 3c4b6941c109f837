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
	"spammy words": func(c *lead.Contents, _ *lead.Signs) {
		c.Project += " Our platform sells poker tickets at a discount, and people ask on Telegram."
	},
	"web address in the name": func(c *lead.Contents, _ *lead.Signs) { c.Name = "Tom Reed (www.tomreed.example)" },
	"no script":               func(_ *lead.Contents, s *lead.Signs) { *s = lead.Signs{NoScript: true} },
	"only links":              func(c *lead.Contents, _ *lead.Signs) { c.Project = "See https://a.example/brief" },
	"odd letters":             func(c *lead.Contents, _ *lead.Signs) { c.Name, c.Company = "xKqZvBtRw", "pLmNbVcXz" },
	"JSX": func(c *lead.Contents,
		_ *lead.Signs,
	) {
		c.Project += " <><Link to={url}><b>{name}</b></Link><br/></>"
	},
}

func TestNoWeakSignAndNoTwoOfThemAreEnough(t *testing.T) {
	t.Parallel()
	for first, add := range weakSigns {
		for second, addToo := range weakSigns {
			c := lead.Contents{
				Name: "Ann", Email: "ann@acme.example",
				Project: "We want to replace our booking system, which is slow.",
			}
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
		"a forged stamp":           {text, lead.Signs{Stamped: true, StampForged: true}, lead.Company{}},
		"one form sent four times": {text, drawn, lead.Company{SameStamp: lead.Repeats{All: 3}}},
		"one text sent four times": {text, drawn, lead.Company{SameText: lead.Repeats{All: 3}}},
		"at once, hidden field":    {text, lead.Signs{Stamped: true, Age: 900 * time.Millisecond, Trap: "x"}, lead.Company{}},
		"too fast, name a link": {
			"See www.tomreed.example",
			lead.Signs{Stamped: true, Age: 2 * time.Second, Trap: "x"},
			lead.Company{},
		},
		"links for pages and forums": {
			`<a href="http://a.example">x</a> [url=http://b.example]y[/url]`,
			lead.Signs{Undrawn: true},
			lead.Company{},
		},
		"an offer to rank our website": {"We offer SEO for your website at the best price.", drawn, lead.Company{}},
	} {
		if causes, enough := lead.Suspect(lead.Contents{Name: "Ann", Email: "ann@acme.example", Project: c.project}, c.signs,
			c.others); !enough {
			t.Errorf("%s is not enough: %v", what, causes)
		}
	}
}

func TestRestoredFormThatAPasswordManagerFilledInIsNotEnough(t *testing.T) {
	t.Parallel()
	c := lead.Contents{
		Name: "Ann", Email: "ann@acme.example", Company: "Acme",
		Project: "We want to replace our booking system, which is slow.",
	}
	for _, age := range []time.Duration{time.Second, 1500 * time.Millisecond, 2999 * time.Millisecond} {
		s := lead.Signs{Stamped: true, Age: age, Trap: "https://acme.example"}
		causes, enough := lead.Suspect(c, s, lead.Company{})
		if enough || len(causes) != 2 {
			t.Errorf("sent after %v: suspect %v: %v", age, enough, causes)
		}
	}
}

func TestWordsAloneAreNotEnough(t *testing.T) {
	t.Parallel()
	for _, c := range []lead.Contents{
		{Name: "Chrzaszcz", Company: "DuckDuckGo", Project: "GmbHVerwaltungsProgramm"},
		{Name: "Weihnachtsschmuck", Company: "DuckDuckGo", Project: "Shop"},
		{Name: "Rechtschaffen", Company: "OpenStreetMap", Project: "GmbHVerwaltungsProgramm"},
		{Name: "xKqZvBtRwPm", Company: "pLmNbVcXzQr", Project: "We want a website."},
		{Name: "Holm", Company: "www.holmpoker.example", Project: "" +
			"Our platform sells tickets for poker evenings at a discount. Players write by Telegram or WhatsApp."},
		{Name: "Ann", Project: "" +
			"We are a debt relief charity. We offer free advice, guarantee nothing and ask people to contact us. Your " +
			"website came up."},
		{Name: "Tom Reed (www.tomreed.dev)", Company: "www.tomreed.dev", Project: "Brief: https://docs.example/brief"},
		{Name: "Eva", Project: "" +
			"We are an SEO agency and our packages have good prices. We need a portal for clients. Your site says you " +
			"build these."},
	} {
		c.Email = "ann@acme.example"
		if causes, enough := lead.Suspect(c, drawn, lead.Company{}); enough {
			t.Errorf("%s, %s is suspect: %v", c.Name, c.Company, causes)
		}
	}
}

func TestCorrectionsAreNoRepeatsWhileTheyAreFew(t *testing.T) {
	t.Parallel()
	c := lead.Contents{Name: "Ann", Email: "ann@acme.example", Project: "We want to replace our booking system."}
	for _, of := range []struct {
		text, stamp lead.Repeats
		want        bool
	}{
		{lead.Repeats{All: 2}, lead.Repeats{All: 2}, false}, // one sign, not two
		{lead.Repeats{All: 3, Own: 3}, lead.Repeats{All: 3, Own: 3}, false},
		{lead.Repeats{All: 4, Own: 4}, lead.Repeats{}, true},
		{lead.Repeats{All: 4, Own: 1}, lead.Repeats{}, true},
	} {
		if causes, enough := lead.Suspect(c, drawn, lead.Company{SameText: of.text, SameStamp: of.stamp}); enough != of.want {
			t.Errorf("%+v: suspect %v: %v", of, enough, causes)
		}
	}
}
