package suspicion_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/lead"
	"tiebreak/internal/lead/suspicion"
)

// request is what Suspect judges.
type request struct {
	lead.Contents
	lead.Signals
	suspicion.RecentActivity
}

// ordinary returns a request that a person took a minute to fill in.
func ordinary() request {
	return request{
		Contents: lead.Contents{
			Name: "Ann", Email: "ann@acme.example", Project: "We want to replace our booking system, which is slow.",
		},
		Signals: lead.Signals{Stamped: true, Age: time.Minute},
	}
}

// expect reports a request that is judged differently, with what is special about it.
func (r request) expect(t *testing.T, suspect bool, what ...string) {
	t.Helper()
	if causes, enough := suspicion.Judge(r.Contents, r.Signals, r.RecentActivity); enough != suspect {
		t.Errorf("%q: suspect is %v: %v", what, enough, causes)
	}
}

// weakSignals are what people produce too.
var weakSignals = map[string]func(r *request){
	"three links":         func(r *request) { r.Project += " https://a.example https://b.example/d https://c.example/f" },
	"web address":         func(r *request) { r.Company = "www.acme.example" },
	"hidden field":        func(r *request) { r.Honeypot = "https://acme.example" },
	"code with an anchor": func(r *request) { r.Project += ` <p><a href="https://a.example">Login</a></p>` },
	"array[url]":          func(r *request) { r.Project += " cache[url] = fetch(url)" },
	"spammy words": func(r *request) {
		r.Project += " Our platform sells poker tickets at a discount, and people ask on Telegram."
	},
	"web address in the name": func(r *request) { r.Name = "Tom Reed (www.tomreed.example)" },
	"no script":               func(r *request) { r.Signals = lead.Signals{NoScript: true} },
	"only links":              func(r *request) { r.Project = "See https://a.example/brief" },
	"odd letters":             func(r *request) { r.Name, r.Company = "xKqZvBtRw", "pLmNbVcXz" },
	"JSX":                     func(r *request) { r.Project += " <><Link to={url}><b>{name}</b></Link><br/></>" },
}

func TestNoWeakSignalAndNoTwoOfThemAreEnough(t *testing.T) {
	t.Parallel()
	for first, add := range weakSignals {
		for second, addToo := range weakSignals {
			r := ordinary()
			add(&r)
			if second != first {
				addToo(&r)
			}
			r.expect(t, false, first, second)
		}
	}
}

func TestSignalsThatPeopleDoNotGiveAreEnough(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(r *request){
		"a forged stamp":           func(r *request) { r.Signals = lead.Signals{Stamped: true, StampForged: true} },
		"one form sent four times": func(r *request) { r.SameStamp = suspicion.Repeats{All: 3} },
		"one text sent four times": func(r *request) { r.SameText = suspicion.Repeats{All: 3} },
		"at once, hidden field":    func(r *request) { r.Age, r.Honeypot = 900*time.Millisecond, "x" },
		"too fast, name a link": func(r *request) {
			r.Age, r.Honeypot, r.Project = 2*time.Second, "x", "See www.tomreed.example"
		},
		"links for pages and forums": func(r *request) {
			r.Project = `<a href="http://a.example">x</a> [url=http://b.example]y[/url]`
			r.Signals = lead.Signals{Undrawn: true}
		},
		"an offer to rank our website": func(r *request) { r.Project = "We offer SEO for your website at the best price." },
	} {
		r := ordinary()
		change(&r)
		r.expect(t, true, what)
	}
}

func TestRestoredFormThatAPasswordManagerFilledInIsNotEnough(t *testing.T) {
	t.Parallel()
	for _, age := range []time.Duration{time.Second, 1500 * time.Millisecond, 2999 * time.Millisecond} {
		r := ordinary()
		r.Company, r.Age, r.Honeypot = "Acme", age, "https://acme.example"
		r.expect(t, false, age.String())
		if causes, _ := suspicion.Judge(r.Contents, r.Signals, r.RecentActivity); len(causes) != 2 {
			t.Errorf("sent after %v: %v", age, causes)
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
		{Name: "Holm", Company: "www.holmpoker.example", Project: "Our platform sells tickets for poker evenings at a " +
			"discount. Players write by Telegram or WhatsApp."},
		{Name: "Ann", Project: "We are a debt relief charity. We offer free advice, guarantee nothing and ask people to " +
			"contact us. Your website came up."},
		{Name: "Tom Reed (www.tomreed.dev)", Company: "www.tomreed.dev", Project: "Brief: https://docs.example/brief"},
		{Name: "Eva", Project: "We are an SEO agency and our packages have good prices. We need a portal for clients. Your " +
			"site says you build these."},
	} {
		r := ordinary()
		c.Email = r.Email
		r.Contents = c
		r.expect(t, false, c.Name, c.Company, c.Project)
	}
}

func TestOffersToRankTheReadersSiteAreSuspectAndCustomersWhoSpeakOfRankingsAreNot(t *testing.T) {
	t.Parallel()
	for file, suspect := range map[string]bool{"testdata/offers.txt": true, "testdata/requests.txt": false} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for project := range strings.Lines(string(text)) {
			r := ordinary()
			r.Project = strings.TrimSpace(project)
			r.expect(t, suspect, project)
		}
	}
}

func TestCorrectionsAreNoRepeatsWhileTheyAreFew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, stamp suspicion.Repeats
		want        bool
	}{
		{suspicion.Repeats{All: 2}, suspicion.Repeats{All: 2}, false}, // one signal, not two
		{suspicion.Repeats{All: 3, Own: 3}, suspicion.Repeats{All: 3, Own: 3}, false},
		{suspicion.Repeats{All: 4, Own: 4}, suspicion.Repeats{}, true},
		{suspicion.Repeats{All: 4, Own: 1}, suspicion.Repeats{}, true},
	} {
		r := ordinary()
		r.SameText, r.SameStamp = c.text, c.stamp
		r.expect(t, c.want, fmt.Sprintf("%+v", c))
	}
}
