package web_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/lead/suspicion"
	"tiebreak/internal/staff"
)

func TestForgedHeadersChangeNothingBehindARealProxy(t *testing.T) {
	t.Parallel()
	s := newSite(t, "127.0.0.1/32")
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(s.origin())
		r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] // as most proxies do, and then
		r.SetXForwarded()
	}})
	defer proxy.Close()
	from := func(own, forged string, n int) answer {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(own)}}
		client := s.another()
		client.base, client.client.Transport = proxy.URL, &http.Transport{DialContext: dialer.DialContext}
		defer client.client.CloseIdleConnections()
		return client.post("/intake", request(fields("key", fmt.Sprint(own, n))),
			"X-Forwarded-For", forged, "X-Real-IP", forged, "True-Client-IP", forged, "Forwarded", forged)
	}
	for n := range suspicion.MaxFromClient {
		from("127.0.0.2", fmt.Sprintf("198.51.100.%d", n), n).wantStatus(http.StatusSeeOther)
	}
	from("127.0.0.2", "198.51.100.250", -1).wantStatus(http.StatusTooManyRequests)
	from("127.0.0.3", "127.0.0.2", 0).wantStatus(http.StatusSeeOther) // another client, under the first one's address
}

func TestClearedSuspectJoinsTheEndOfTheWaitlistAndMayBeMarkedAgain(t *testing.T) {
	t.Parallel()
	s := signedIn(t, staff.Admin)
	s.setPromise("places", "1")
	receipt := s.ask("A sample project", "stamp", "forged")
	s.ask("another", "email", "second@example.org")
	s.ask("a third", "email", "third@example.org")

	page := s.get(receipt).wantAttr("main", "data-place", "none").wantText(".hero", "A person will check your request first.")
	page.wantText("main", "We add this to your request.")
	page.wantNoText("main", "place", "waitlist", "We will reply by", "Reply due", "The time that we promised", "spam", "uspect")
	s.get("/staff/leads").wantText(".notes", "1 request from the last 24 hours looks like spam.")
	s.get("/staff/leads?tab=suspects").wantText(".group", "Last 24 hours")
	s.get("/staff/leads/TB-0001").wantText("main", "the time in the form is forged")
	judge := func(reference, verdict string) {
		s.mustPost("/staff/leads/"+reference+"/suspicion", "verdict", verdict)
	}
	judge("TB-0001", "no-spam")
	judge("TB-0001", "no-spam")
	s.get(receipt).wantText("#place", "You are number 2 on the waitlist") // after the third, who was told a number before
	s.get("/staff/leads/TB-0001").wantText(".thread", "Sample Member marked it as not spam")
	judge("TB-0002", "spam")
	s = s.later("11 minutes") // when it can no longer be undone
	s.sweep()
	s.get(receipt).wantText("#place", "You are number 1 on the waitlist")
	judge("TB-0001", "spam")
	s = s.later("22 minutes")
	s.sweep()
	if first := s.leads()[2]; !first.Suspect {
		t.Error("the first is not a suspect")
	}
	s.wantPlace("TB-0001", lead.NoPlace)
	s.wantPlace("TB-0003", lead.Held)
}

func TestLimitCountsTheTrueAddressAndKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	direct := newSite(t)
	behind := direct.instance(loopback)
	for n := range suspicion.MaxFromClient {
		direct.from(fmt.Sprintf("192.0.2.%d", n), request(fields("key", fmt.Sprint(n)))).wantStatus(http.StatusSeeOther)
	}
	over := request(fields("key", "over", "project", "What must not be lost"))
	for _, forged := range []string{"", "198.51.100.7", "127.0.0.1, 198.51.100.8"} {
		page := direct.from(forged, over).wantStatus(http.StatusTooManyRequests).wantRetryAfter()
		page.wantText("[role=alert]", "too many requests from your network").wantText("#project", "What must not be lost")
	}
	direct.from("", request(fields("key", "0"))).wantStatus(http.StatusSeeOther) // a repeat is answered
	behind.from("198.51.100.7", over).wantStatus(http.StatusSeeOther)
	behind.from("198.51.100.7, 127.0.0.1", request(fields("key", "over again"))).wantStatus(http.StatusSeeOther)
	direct.wantTables("198.51.100.7")
}

// TestEmailCorrectedTwiceByGoingBackIsNotSuspected sends an old form again with another email address, and then the form that is
// shown instead.
func TestEmailCorrectedTwiceByGoingBackIsNotSuspected(t *testing.T) {
	t.Parallel()
	s := newSite(t, loopback)
	s.signIn(staff.Reader)
	for client, addresses := range map[string][3]string{
		"one network":    {"203.0.113.1", "203.0.113.1", "203.0.113.1"},
		"three networks": {"203.0.113.2", "203.0.113.3", "203.0.113.4"}, // on a train
	} {
		form := request(fields("project", "We want to replace the booking system of our "+client, "name", "Visitor with "+client,
			"stamp", s.stamp(), "key", lead.NewKey(), "email", "smaple@example.org"))
		s.from(addresses[0], form).wantStatus(http.StatusSeeOther)
		for n, email := range []string{"sampel@example.org", "right@example.org"} {
			form.Set("email", email)
			again := s.from(addresses[n+1], form).wantStatus(http.StatusConflict)
			again.wantAttr("[name=stamp]", "value", form.Get("stamp"))
			form.Set("key", again.value("[name=key]"))
			s.from(addresses[n+1], form).wantStatus(http.StatusSeeOther)
		}
		last := s.leads()[0]
		if last.Email != "right@example.org" || last.Suspect {
			t.Errorf("%s: %s is suspect: %v", client, last.Email, last.Causes)
		}
		first := s.leads()[2].Reference
		s.get("/staff/leads/"+last.Reference).wantText("#others", first)
	}
}
