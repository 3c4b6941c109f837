package web_test

import (
	"context"
	"fmt"
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
		r, err := http.NewRequest(http.MethodPost, proxy.URL+"/intake",
			strings.NewReader(request(url.Values{"key": {fmt.Sprint(own, n)}}).Encode()))
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
	receipt := s.post("/intake", request(url.Values{"stamp": {"forged"}})).wantStatus(http.StatusSeeOther).header.Get("Location")
	s.post("/intake", request(url.Values{"project": {"another"}, "email": {"second@example.org"}}))
	s.post("/intake", request(url.Values{"project": {"a third"}, "email": {"third@example.org"}}))

	page := s.get(receipt)
	if place := page.attr("main", "data-place"); place != "none" {
		t.Errorf("a suspect has %s", place)
	}
	page.wantText(".hero", "A person will check your request first.")
	for _, promised := range []string{"place", "waitlist", "We will reply by", "Reply due"} {
		if strings.Contains(page.text("main"), promised) {
			t.Errorf("the receipt of a suspect promises %q", promised)
		}
	}
	s.get("/staff/leads").wantText(".banner", "1 request from the last 24 hours looks like spam.")
	s.get("/staff/leads?tab=suspects").wantText(".group", "Last 24 hours")
	if strings.Contains(page.text("main"), "spam") || strings.Contains(page.text("main"), "uspect") {
		t.Error("a receipt speaks of spam")
	}
	desk := s.get("/staff/leads/TB-0001")
	desk.wantText("main", "the time in the form is forged")
	judge := func(reference, verdict string) {
		s.post("/staff/leads/"+reference+"/suspicion", url.Values{"verdict": {verdict}}).wantStatus(http.StatusSeeOther)
	}
	judge("TB-0001", "no-spam")
	judge("TB-0001", "no-spam")
	s.get(receipt).wantText("#place", "You are number 1 on the waitlist") // before the third, who came later
	s.get("/staff/leads/TB-0001").wantText(".steps", "Sample Member marked it as not spam")
	later := func(shift string) {
		s = s.at(address, shift) // when it can no longer be undone
		s.sweep()
	}
	judge("TB-0002", "spam")
	later("11 minutes")
	s.get(receipt).wantText("#place", "We have reserved a place for you in ")
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
		page.wantText("[role=alert]", "too many requests from your network")
		page.wantText("#project", "What must not be lost")
		if page.header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	direct.from("", request(url.Values{"key": {"0"}})).wantStatus(http.StatusSeeOther) // a repeat is answered
	behind.from("198.51.100.7", over).wantStatus(http.StatusSeeOther)
	behind.from("198.51.100.7, 127.0.0.1", request(url.Values{"key": {"over again"}})).wantStatus(http.StatusSeeOther)

	one := siteOn(t, pgtest.Open(t, address))
	one.from("198.51.100.7", request(url.Values{"key": {"0"}})).wantStatus(http.StatusSeeOther)
	one.signIn(staff.Reader)
	one.get("/staff/leads").wantCount(".banner", 0) // anybody can forge the header
	for range 30 {
		direct.from("198.51.100.7", request(url.Values{"key": {"0"}})).wantStatus(http.StatusSeeOther)
	}
	if !direct.enter("member@example.org", "a sample password") {
		t.Fatal("not signed in")
	}
	direct.get("/staff/leads").wantText(".banner", "TIEBREAK_TRUSTED_PROXIES")
	if tables := pgtest.TablesWith(t, address, "198.51.100.7"); len(tables) > 0 {
		t.Errorf("a network address stands in %v", tables)
	}
}

func TestStaffHearOfANoteOnASuspect(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	receipt := s.post("/intake", request(url.Values{"stamp": {"forged"}})).wantStatus(http.StatusSeeOther).header.Get("Location")
	page := s.get(receipt)
	page.wantText("main", "We add this to your request.")
	if page.Find("main:contains('The time that we promised')").Length() > 0 {
		t.Error("the receipt of a suspect speaks of a promised time")
	}
	s.post(receipt+"/notes", url.Values{"note": {"I am no robot."}, "key": {"one"}}).wantStatus(http.StatusSeeOther)
	mails, err := s.db.LeadDeliveries(context.Background(), "TB-0001")
	if err != nil {
		t.Fatal(err)
	}
	told := ""
	for _, m := range mails {
		if m.Kind == lead.NoteMail {
			told += fmt.Sprint(m.State, m.Kind.StillNeeded(lead.Lead{Suspect: true, Status: lead.New}))
		}
	}
	if told != "waitingtrue" {
		t.Errorf("mails of the note: %q", told)
	}
}
