package web_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/staff"
)

// from posts a request that reaches the site through a trusted proxy, from the address.
func (s *site) from(address string, form url.Values) answer {
	s.t.Helper()
	r := s.request(http.MethodPost, "/intake", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", address)
	return s.do(r)
}

// bots are ten kinds of them: each makes the n-th post of its kind.
func bots(s *site, stamp string) map[string]func(n int) url.Values {
	pills := "Buy cheap pills now, best price for you and your friends. "
	drawn := func(n int) url.Values { // a form as drawn, filled in by a program
		page := s.get("/intake?guide=django-vs-fastapi")
		return request(url.Values{
			"key": {page.attr("[name=key]", "value")}, "stamp": {page.attr("[name=stamp]", "value")}, "email": {mailOf(n)},
			"project": {fmt.Sprintf("Project %d of a program that fills forms in, words number %d", n, rand.IntN(1e9))},
		})
	}
	with := func(form url.Values, name, value string) url.Values { form.Set(name, value); return form }
	direct := func(n int, project string) url.Values {
		return request(url.Values{"key": {fmt.Sprint("bot", n, rand.Int64())}, "email": {mailOf(n)}, "project": {project}})
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
			return with(direct(n, fmt.Sprintf("Our shop: https://a.example/%d", n)), "email", fmt.Sprintf("bot%d@mail.yopmail.com", n))
		},
	}
}

func mailOf(n int) string { return fmt.Sprintf("bot-%d-%d@example.org", n, rand.IntN(1e9)) }

func TestBotsAreSetAside(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	stamp := s.get("/intake").attr("[name=stamp]", "value")
	const each = 50
	sent := 0
	for kind, make := range bots(s, stamp) {
		before := len(s.leads())
		for n := range each {
			s.from(fmt.Sprintf("198.51.100.%d", rand.IntN(250)), make(n)).wantStatus(http.StatusSeeOther)
			sent++
		}
		suspects := 0
		leads := s.leads()
		for _, l := range leads[:len(leads)-before] {
			if l.Suspect {
				suspects++
			}
		}
		t.Logf("%s: %d of %d suspect", kind, suspects, each)
		if suspects*100 < 90*each {
			t.Errorf("%s: only %d of %d suspect", kind, suspects, each)
		}
	}
	suspects := 0
	for _, l := range s.leads() {
		if l.Suspect {
			suspects++
			if l.Place != lead.NoPlace {
				t.Errorf("%s is suspect and has %s", l.Reference, l.Place)
			}
		}
	}
	if suspects*100 < 95*sent {
		t.Errorf("%d of %d bots are suspect", suspects, sent)
	}
	s.signIn(staff.Reader)
	s.get("/staff/leads").wantText("main", "Suspects")
	if counts := s.counts(); !strings.Contains(counts, `tiebreak_suspects_total{cause="links"}`) {
		t.Error("suspects are not counted by cause")
	}
}

func TestPeopleAreNotSuspected(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.0/8")
	things := []string{"shop", "membership site", "booking system", "internal tool", "API for an app", "site for a school", "intranet", "catalogue"}
	ends := []string{
		"We have three developers and a deadline in spring.", "An example of what we like is https://example.org/page.",
		"Budget is open. Call me in the afternoon!", "مرحبا، نحتاج إلى موقع", "Wir haben schon eine Datenbank mit 40 Tabellen.", "Thanks :-)",
	}
	for n := range 200 {
		project := fmt.Sprintf("We want a %s for %d users in year %d. %s", things[n%len(things)], 10+n*7, 2026+n%3, ends[n%len(ends)])
		form := request(url.Values{
			"project": {project}, "email": {fmt.Sprintf("person.%d@company-%d.example.org", n, n%40)}, "name": {fmt.Sprintf("Person %d", n)},
			"company": {[]string{"", "Sample & Sons", "www", "A.B. Ltd."}[n%4]}, "budget": {[]string{"", "10-20k", "<10.000 €", "??"}[n%4]},
		})
		if n%2 == 0 { // half have the form drawn for them, and send it a while later
			form.Set("key", fmt.Sprint("person", n))
		}
		s.from(fmt.Sprintf("203.0.113.%d", n%60), form).wantStatus(http.StatusSeeOther)
	}
	suspects := 0
	for _, l := range s.leads() {
		if l.Suspect {
			suspects++
			t.Logf("%v: %s", l.Causes, l.Project)
		}
	}
	if n := len(s.leads()); n != 200 || suspects > 2 {
		t.Errorf("%d of 200 people were kept, %d of them suspected", n, suspects)
	}
}

func TestForgedHeadersChangeNothingBehindARealProxy(t *testing.T) {
	t.Parallel()
	s := siteOn(t, pgtest.New(t), "127.0.0.1/32")
	target, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] // as most proxies do, and then
		r.SetXForwarded()
	}})
	defer proxy.Close()
	from := func(own, forged string, n int) int {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(own)}}
		client := &http.Client{
			Transport:     &http.Transport{DialContext: dialer.DialContext},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
		defer client.CloseIdleConnections()
		r, err := http.NewRequest(http.MethodPost, proxy.URL+"/intake", strings.NewReader(request(url.Values{"key": {fmt.Sprint(own, n)}}).Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for _, name := range []string{"X-Forwarded-For", "X-Real-IP", "True-Client-IP", "Forwarded"} {
			r.Header.Set(name, forged)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	for n := range lead.MaxFromClient {
		if status := from("127.0.0.2", fmt.Sprintf("198.51.100.%d", n), n); status != http.StatusSeeOther {
			t.Fatalf("post %d: status %d", n, status)
		}
	}
	if status := from("127.0.0.2", "198.51.100.250", -1); status != http.StatusTooManyRequests {
		t.Errorf("one too many under a forged address: status %d", status)
	}
	if status := from("127.0.0.3", "127.0.0.2", 0); status != http.StatusSeeOther {
		t.Errorf("another who forges the first one's address: status %d", status)
	}
}

func TestSuspectIsTakenInWithItsFirstArrivalAndSetAsideAgain(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	s := siteOn(t, pgtest.Open(t, address))
	s.signIn(staff.Admin)
	s.post("/staff/promise", promise(url.Values{"places": {"1"}})).wantStatus(http.StatusSeeOther)
	receipt := s.post("/intake", request(url.Values{"website": {"filled in"}})).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.post("/intake", request(url.Values{"project": {"another"}, "email": {"second@example.org"}}))
	s.post("/intake", request(url.Values{"project": {"a third"}, "email": {"third@example.org"}}))

	page := s.get(receipt)
	if place := page.attr("main", "data-place"); place != "none" {
		t.Errorf("a suspect has %s", place)
	}
	page.wantText("main", "by hand")
	if strings.Contains(page.text("main"), "spam") || strings.Contains(page.text("main"), "uspect") {
		t.Error("a receipt speaks of spam")
	}
	desk := s.get("/staff/leads/TB-0001")
	desk.wantText("main", "a field was filled in that people do not see")
	judge := func(reference, verdict string) {
		s.post("/staff/leads/"+reference+"/suspicion", url.Values{"verdict": {verdict}}).wantStatus(http.StatusSeeOther)
	}
	judge("TB-0001", "no-spam")
	judge("TB-0001", "no-spam")
	s.get(receipt).wantText("#place", "You are number 1 on the waitlist") // before the third, who came later
	s.get("/staff/leads/TB-0001").wantText(".steps", "Taken in as no spam by Sample Member")
	later := func(shift string) {
		s = s.at(address, shift) // when it can no longer be undone
		s.sweep()
	}
	judge("TB-0002", "spam")
	later("11 minutes")
	s.get(receipt).wantText("#place", "You hold a place in ")
	judge("TB-0001", "spam")
	later("22 minutes")
	leads := s.leads() // newest first
	if !leads[2].Suspect || leads[2].Place != lead.NoPlace || leads[0].Place != lead.Held {
		t.Errorf("the first has %s, the third %s", leads[2].Place, leads[0].Place)
	}
}

func TestLimitCountsTheTrueAddressAndKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	direct := siteOn(t, pgtest.Open(t, address))
	behind := siteOn(t, pgtest.Open(t, address), "127.0.0.0/8")
	for n := range lead.MaxFromClient {
		direct.from(fmt.Sprintf("192.0.2.%d", n), request(url.Values{"key": {fmt.Sprint(n)}})).wantStatus(http.StatusSeeOther)
	}
	over := request(url.Values{"key": {"over"}, "project": {"What must not be lost"}})
	for _, forged := range []string{"", "198.51.100.7", "127.0.0.1, 198.51.100.8"} {
		page := direct.from(forged, over).wantStatus(http.StatusTooManyRequests)
		page.wantText("[role=alert]", "many requests came from your network")
		page.wantText("#project", "What must not be lost")
		if page.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	direct.from("", request(url.Values{"key": {"0"}})).wantStatus(http.StatusSeeOther) // a repeat is answered
	behind.from("198.51.100.7", over).wantStatus(http.StatusSeeOther)
	behind.from("198.51.100.7, 127.0.0.1", request(url.Values{"key": {"over again"}})).wantStatus(http.StatusSeeOther)

	direct.signIn(staff.Reader)
	direct.get("/staff/leads").wantText(".banner", "TIEBREAK_TRUSTED_PROXIES")
	if tables := pgtest.TablesWith(t, address, "198.51.100.7"); len(tables) > 0 {
		t.Errorf("a network address stands in %v", tables)
	}
}
