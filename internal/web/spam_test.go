package web_test

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// plainBots are ten kinds of bots, each with little variety: each makes the n-th post of its kind.
func plainBots(s spammer) map[string]func(n int) url.Values {
	stamp := s.get("/intake").attr("[name=stamp]", "value")
	pills := "Buy cheap pills now, best price for you and your friends. "
	drawn := func(n int) url.Values { // a form as drawn, filled in by a program
		page := s.get("/intake?guide=django-vs-fastapi")
		return request(url.Values{
			"key": {page.attr("[name=key]", "value")}, "stamp": {page.attr("[name=stamp]", "value")}, "email": {s.mailOf(n)},
			"project": {fmt.Sprintf("Project %d of a program that fills forms in, words number %d", n, s.IntN(1e9))},
		})
	}
	with := func(form url.Values, name, value string) url.Values { form.Set(name, value); return form }
	direct := func(n int, project string) url.Values {
		return request(url.Values{"key": {fmt.Sprint("bot", n, s.Int64())}, "email": {s.mailOf(n)}, "project": {project}})
	}
	return map[string]func(n int) url.Values{
		"direct, with links": func(n int) url.Values {
			return direct(n, fmt.Sprintf("%s http://a.example/%d http://b.example http://c.example", pills, n))
		},
		"direct, with markup": func(n int) url.Values {
			return direct(n, fmt.Sprintf(`Look <a href="http://a.example/%d">here</a> [url=http://b.example]there[/url]`, n))
		},
		"fills in every field": func(n int) url.Values { return with(drawn(n), "website", "http://a.example") },
		"hasty, with links": func(n int) url.Values {
			return with(drawn(n), "project", fmt.Sprintf("See http://a.example/%d, http://b.example and http://c.example", n))
		},
		"hasty, thrown away": func(n int) url.Values { return with(drawn(n), "email", fmt.Sprintf("bot%d@mailinator.com", n)) },
		"replays a form":     func(n int) url.Values { return with(direct(n, fmt.Sprint("words ", n)), "stamp", stamp) },
		"forges the stamp": func(n int) url.Values {
			return with(direct(n, fmt.Sprintf("See www.a.example/%d", n)), "stamp", "zzzzzz.00112233")
		},
		"link in the name": func(n int) url.Values {
			return with(direct(n, fmt.Sprint("words ", n)), "name", fmt.Sprintf("Earn http://a.example/%d", n))
		},
		"same words": func(n int) url.Values {
			return direct(n, "We offer you search engine services of the first rank for a small price, answer us today.")
		},
		"slow, thrown away, with a link": func(n int) url.Values {
			return with(direct(n, fmt.Sprintf("Our shop: https://a.example/%d", n)), "email",
				fmt.Sprintf("bot%d@mail.yopmail.com", n))
		},
	}
}

func (s spammer) mailOf(n int) string { return fmt.Sprintf("bot-%d-%d@example.org", n, s.IntN(1e9)) }

func TestBotsAreSetAside(t *testing.T) {
	t.Parallel()
	for corpus, kinds := range map[string]func(spammer) map[string]func(int) url.Values{
		"plain":  plainBots,
		"varied": variedBots,
	} {
		t.Run(corpus, func(t *testing.T) {
			t.Parallel()
			s := newSpammer(siteOn(t, pgtest.New(t), "127.0.0.0/8"))
			const each = 50
			sent, caught := 0, 0
			bots := kinds(s)
			for _, kind := range slices.Sorted(maps.Keys(bots)) {
				before := len(s.leads())
				for n := range each {
					s.from(fmt.Sprintf("198.51.100.%d", s.IntN(250)), bots[kind](n)).wantStatus(http.StatusSeeOther)
				}
				leads := s.leads()
				suspects := s.suspectsOf(leads[:len(leads)-before], false)
				t.Logf("%s: %d of %d suspect", kind, suspects, each)
				if suspects*100 < 90*each {
					t.Errorf("%s: only %d of %d suspect", kind, suspects, each)
				}
				sent, caught = sent+each, caught+suspects
			}
			if caught*100 < 98*sent {
				t.Errorf("%d of %d bots are suspect", caught, sent)
			}
			s.signIn(staff.Reader)
			s.get("/staff/leads").wantText("main", "Suspected spam")
			if counts := s.counts(); !strings.Contains(counts, `tiebreak_suspects_total{cause="links"}`) {
				t.Error("suspects are not counted by cause")
			}
		})
	}
}

// suspectsOf counts the suspects of the leads, none of which may have a place, and logs the leads that are or are not suspect.
func (s *site) suspectsOf(leads []lead.Lead, logged bool) (n int) {
	s.t.Helper()
	for _, l := range leads {
		if l.Suspect {
			n++
			if l.Place != lead.NoPlace {
				s.t.Errorf("%s is suspect and has %s", l.Reference, l.Place)
			}
		}
		if l.Suspect == logged {
			s.t.Logf("suspect %v %v: %s, %s: %.200q", l.Suspect, l.Causes, l.Name, l.Company, l.Project)
		}
	}
	return n
}

func TestPeopleAreNotSuspected(t *testing.T) {
	t.Parallel()
	for corpus, requests := range map[string]func(*site) []url.Values{"plain": plainPeople, "varied": variedPeople} {
		t.Run(corpus, func(t *testing.T) {
			t.Parallel()
			s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
			sent := requests(s)
			for n, form := range sent {
				s.from(fmt.Sprintf("203.0.113.%d", n/55), form).wantStatus(http.StatusSeeOther) // offices have one address
			}
			suspects := s.suspectsOf(s.leads(), true)
			t.Logf("%d of %d suspect", suspects, len(sent))
			if n := len(s.leads()); n != len(sent) || n < 200 || suspects*100 > n {
				t.Errorf("%d of %d people were kept, %d of them suspected", n, len(sent), suspects)
			}
		})
	}
}

// plainPeople send requests of little variety, half of them from a page without script.
func plainPeople(s *site) (requests []url.Values) {
	edition := s.get("/compare/django-vs-fastapi").attr("[name=edition]", "value")
	things := []string{
		"shop", "membership site", "booking system", "internal tool", "API for an app", "site for a school",
		"intranet", "catalogue",
	}
	ends := []string{
		"We have three developers and a deadline in spring.", "An example of what we like is https://example.org/page.",
		"Budget is open. Call me in the afternoon!", "مرحبا، نحتاج إلى موقع", "Wir haben schon eine Datenbank mit 40 Tabellen.",
		"Thanks :-)",
	}
	for n := range 200 {
		project := fmt.Sprintf("We want a %s for %d users in year %d. %s", things[n%len(things)], 10+n*7, 2026+n%3,
			ends[n%len(ends)])
		form := request(url.Values{
			"project": {project}, "edition": {edition},
			"email": {fmt.Sprintf("person.%d@company-%d.example.org", n, n%40)}, "name": {fmt.Sprintf("Person %d", n)},
			"company": {[]string{"", "Sample & Sons", "www", "A.B. Ltd."}[n%4]},
			"budget":  {[]string{"", "10-20k", "<10.000 €", "??"}[n%4]},
		})
		if n%2 == 0 {
			form.Set("key", fmt.Sprint("person", n))
		}
		requests = append(requests, form)
	}
	for n, who := range [][3]string{
		{"Chrzaszcz", "DuckDuckGo", "We want to replace our booking system."},
		{"Weihnachtsschmuck", "DuckDuckGo", "Website"},
		{"Rechtschaffen", "Knightsbridge", "GmbHVerwaltungsProgramm"},
		{"Tom Reed (www.tomreed.dev)", "www.tomreed.dev", "Brief: https://docs.example/brief"},
	} {
		requests = append(requests, request(url.Values{
			"name": {who[0]}, "company": {who[1]}, "project": {who[2]}, "stamp": {s.stamp()}, "key": {lead.NewKey()},
			"email": {fmt.Sprintf("named.%d@example.org", n)},
		}))
	}
	return requests
}

//go:embed testdata/people.txt
var people string

// variedPeople send each of the texts, and again with a sentence more, under varying names: a web address as company, a hidden
// field that a password
// manager filled in, a form at the end of a guide or on its own page.
func variedPeople(s *site) (requests []url.Values) {
	edition := s.get("/compare/django-vs-fastapi").attr("[name=edition]", "value")
	texts := strings.Split(strings.TrimSpace(people), "\n")
	for n := range 2 * len(texts) {
		text := strings.ReplaceAll(texts[n%len(texts)], `\n`, "\n")
		if n >= len(texts) {
			text += fmt.Sprintf("\nWe are %d people, and could start in week %d.", 2+n%9, 1+n%50)
		}
		site := fmt.Sprintf("company-%d.example", n)
		form := request(url.Values{
			"project": {text}, "email": {fmt.Sprintf("person.%d@%s", n, site)}, "key": {lead.NewKey()},
			"name": {[]string{
				"Ann", "Jean-Pierre O'Neill", "李小明", "Dr. Krzysztof Brzęczyszczykiewicz", "acme.example",
				"MacDonald, Ian",
			}[n%6]},
			"company": {[]string{"", "www." + site, "Sample & Sons GmbH", "https://" + site + "/", "Acme (" + site + ")"}[n%5]},
			"budget":  {[]string{"", "10-20k", "<10.000 €", "see https://" + site + "/budget"}[n%4]},
		})
		if n%7 < 2 {
			form.Set("website", "https://"+site)
		}
		if n%2 == 0 {
			form.Set("edition", edition)
		} else {
			form.Set("stamp", s.stamp())
		}
		requests = append(requests, form)
	}
	return requests
}
