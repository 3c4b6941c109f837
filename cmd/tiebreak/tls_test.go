package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgtest"
)

// TestTwoInstancesShareOneCertificate starts two instances behind a balancer of TCP connections, so that the authority may ask
// either of them, and restarts one.
func TestTwoInstancesShareOneCertificate(t *testing.T) {
	t.Parallel()
	rig := newTLSRig(t, acmetest.Options{})
	first, second := rig.start(), rig.start()
	serial := rig.secured(first, "")
	if other := rig.secured(second, ""); other != serial {
		t.Errorf("the second instance has certificate %s, the first %s", other, serial)
	}
	rig.wantOrders(1)

	first.stop()
	rig.balance()
	first = rig.start()
	if again, err := rig.serial(first, tlsHost); again != serial {
		t.Errorf("after a restart it has certificate %s (%v), not %s", again, err, serial)
	}
	if said := rig.said(first); !strings.Contains(said, "certificate of guides.test until ") {
		t.Errorf("it does not say its certificate: %s", said)
	}
	rig.wantOrders(1)
	wantOnlyOwnHost(t, rig, first)
	rig.wantOrders(1)
	wantSecureSite(t, rig)
	wantRedirects(t, rig)
}

// wantOnlyOwnHost checks that nobody gets a certificate for another host.
func wantOnlyOwnHost(t *testing.T, rig *tlsRig, s *server) {
	t.Helper()
	for _, name := range []string{"other.test", "www.guides.test", "guides.test.evil.test", "127.0.0.1"} {
		if serial, err := rig.serial(s, name); err == nil || !strings.Contains(err.Error(), "unrecognized name") {
			t.Errorf("%s gets certificate %s (%v)", name, serial, err)
		}
	}
	if _, err := rig.serial(s, "GUIDES.test"); err != nil {
		t.Errorf("the host in capitals gets no certificate: %v", err)
	}
	if said := rig.said(s); strings.Contains(said, "handshake") {
		t.Errorf("failed handshakes are logged: %s", said)
	}
}

// wantSecureSite checks that the site is served over HTTP/2 and takes a lead.
func wantSecureSite(t *testing.T, rig *tlsRig) {
	t.Helper()
	secure := rig.client(rig.site.listener.Addr().String())
	status, proto, _, page := answer(t, secure, http.MethodGet, rig.base+guidePath, "")
	if status != http.StatusOK || proto != "HTTP/2.0" || !strings.Contains(page, "Our verdict") {
		t.Errorf("the guide is answered with %d over %s", status, proto)
	}
	form := url.Values{
		"name": {"Sample Person"}, "email": {"secure@example.org"}, "project": {"A sample project"}, "consent": {"yes"},
		"option": {"undecided"},
	}.Encode()
	status, _, location, _ := answer(t, secure, http.MethodPost, rig.base+"/intake", form)
	if status != http.StatusSeeOther || !strings.HasPrefix(location, "/requests/") {
		t.Errorf("a lead is answered with %d, %s", status, location)
	}
}

// wantRedirects checks what plain HTTP answers.
func wantRedirects(t *testing.T, rig *tlsRig) {
	t.Helper()
	plain := rig.client(rig.plain.listener.Addr().String())
	for _, c := range []struct {
		method, address string
		status          int
		location        string
	}{
		{http.MethodGet, "http://guides.test/search?q=a%20b", http.StatusMovedPermanently, rig.base + "/search?q=a%20b"},
		{http.MethodGet, "http://evil.test//evil.test/%2e%2e", http.StatusMovedPermanently, rig.base + "//evil.test/%2e%2e"},
		{http.MethodHead, "http://192.0.2.1/", http.StatusMovedPermanently, rig.base + "/"},
		{http.MethodPost, "http://guides.test/intake", http.StatusPermanentRedirect, rig.base + "/intake"},
		{http.MethodGet, "http://guides.test/readyz", http.StatusOK, ""},
		{http.MethodGet, "http://guides.test/livez", http.StatusOK, ""},
		{http.MethodGet, "http://guides.test/.well-known/acme-challenge/unknown", http.StatusNotFound, ""},
		{http.MethodGet, "http://guides.test/.well-known/acme-challenge/guides.test", http.StatusNotFound, ""},
	} {
		status, _, location, _ := answer(t, plain, c.method, c.address, "")
		if status != c.status || location != c.location {
			t.Errorf("%s %s is answered with %d, %s", c.method, c.address, status, location)
		}
	}
	pgtest.Await(t, rig.cluster.URL(), 0, `count(*) = 0 FROM acme_challenges`)
}
