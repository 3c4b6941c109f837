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
	"tiebreak/internal/staff"
)

func TestBotsAreSuspected(t *testing.T) {
	t.Parallel()
	for corpus, kinds := range map[string]func(spammer) map[string]bot{"plain": plainBots, "varied": variedBots} {
		t.Run(corpus, func(t *testing.T) {
			t.Parallel()
			s := newSpammer(newSite(t, loopback))
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
			s.wantCounted(`tiebreak_suspects_total{cause="links"}`)
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
			s := newSite(t, loopback)
			sent := requests(s)
			for n, form := range sent {
				s.from(fmt.Sprintf("203.0.113.%d", n/55), form).wantStatus(http.StatusSeeOther) // offices have one address
			}
			suspects := s.suspectsOf(s.leads(), true)
			t.Logf("%d of %d suspect", suspects, len(sent))
			if n := len(s.leads()); n != len(sent) || n < 200 || suspects*100 > n {
				t.Errorf("%d of %d requests are leads, %d of them suspect", n, len(sent), suspects)
			}
		})
	}
}

// plainPeople send requests of little variety, half of them from a page without script.
func plainPeople(s *site) (requests []url.Values) {
	edition := s.get("/compare/django-vs-fastapi").value("[name=edition]")
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
		form := request(fields("edition", edition, "name", fmt.Sprintf("Person %d", n),
			"email", fmt.Sprintf("person.%d@company-%d.example.org", n, n%40),
			"project", fmt.Sprintf("We want a %s for %d users in year %d. %s", things[n%len(things)], 10+n*7, 2026+n%3,
				ends[n%len(ends)]),
			"company", []string{"", "Sample & Sons", "www", "A.B. Ltd."}[n%4],
			"budget", []string{"", "10-20k", "<10.000 €", "??"}[n%4]))
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
		requests = append(requests, request(fields("name", who[0], "company", who[1], "project", who[2], "stamp", s.stamp(),
			"key", lead.NewKey(), "email", fmt.Sprintf("named.%d@example.org", n))))
	}
	return requests
}

//go:embed testdata/people.txt
var people string

// variedPeople send each of the texts, and again with a sentence more, under varying names: a web address as company, a hidden
// field that a password manager filled in, a form at the end of a guide or on its own page.
func variedPeople(s *site) (requests []url.Values) {
	edition := s.get("/compare/django-vs-fastapi").value("[name=edition]")
	names := []string{
		"Ann", "Jean-Pierre O'Neill", "李小明", "Dr. Krzysztof Brzęczyszczykiewicz", "acme.example", "MacDonald, Ian",
	}
	texts := strings.Split(strings.TrimSpace(people), "\n")
	for n := range 2 * len(texts) {
		text := strings.ReplaceAll(texts[n%len(texts)], `\n`, "\n")
		if n >= len(texts) {
			text += fmt.Sprintf("\nWe are %d people, and could start in week %d.", 2+n%9, 1+n%50)
		}
		site := fmt.Sprintf("company-%d.example", n)
		form := request(fields("project", text, "email", fmt.Sprintf("person.%d@%s", n, site), "key", lead.NewKey(),
			"name", names[n%len(names)],
			"company", []string{"", "www." + site, "Sample & Sons GmbH", "https://" + site + "/", "Acme (" + site + ")"}[n%5],
			"budget", []string{"", "10-20k", "<10.000 €", "see https://" + site + "/budget"}[n%4]))
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
