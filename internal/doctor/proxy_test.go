package doctor_test

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/health"
	"tiebreak/internal/staff"
)

// from returns connections that come from the network address.
func from(t *testing.T, address string) *http.Transport {
	t.Helper()
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	transport := &http.Transport{DialContext: dialer.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func TestProxyThatHidesVisitorsIsFound(t *testing.T) {
	t.Parallel()
	const ours = "127.0.0.0/8"
	set := func(name, value string) func(r *httputil.ProxyRequest) {
		return func(r *httputil.ProxyRequest) { r.Out.Header.Set(name, value) }
	}
	for name, c := range map[string]struct {
		trusted []string
		pass    func(r *httputil.ProxyRequest)
		level   health.Level
		words   string
	}{
		"as it should be": {[]string{ours}, set("X-Forwarded-For", "203.0.113.7"), health.OK, "(203.0.113.7)"},
		"not trusted":     {nil, set("X-Forwarded-For", "203.0.113.7"), health.Problem, "TIEBREAK_TRUSTED_PROXIES=127.0.0.9/32"},
		"another is trusted": {
			[]string{"192.0.2.0/24"}, set("X-Forwarded-For", "203.0.113.7"), health.Problem, "Add 127.0.0.9/32",
		},
		"no address":         {[]string{ours}, func(*httputil.ProxyRequest) {}, health.Problem, "sends no X-Forwarded-For"},
		"unreadable address": {[]string{ours}, set("X-Forwarded-For", "unknown"), health.Problem, "can be read: unknown."},
		"only proxies": {
			[]string{"127.0.0.9/32"}, set("X-Forwarded-For", "127.0.0.9"), health.Problem, "list only proxies",
		},
		"another host": {
			[]string{ours},
			func(r *httputil.ProxyRequest) { r.Out.Host = "backend:8080" }, health.Problem,
			"arrives as backend:8080",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(nil)
			t.Cleanup(proxy.Close)
			s := newSite(t, proxy.URL, c.trusted...)
			rewrite := func(r *httputil.ProxyRequest) {
				r.SetURL(parse(t, s.server.URL))
				r.Out.Host = r.In.Host
				c.pass(r)
			}
			proxy.Config.Handler = &httputil.ReverseProxy{Transport: from(t, "127.0.0.9"), Rewrite: rewrite}
			f := s.at(t, proxy.URL)
			f.want("base-url", health.OK)
			f.want("proxy", c.level, c.words)
		})
	}
}

// TestProxyIsNotJudgedByARequestThatComesFromATrustedAddress has a proxy on the doctor's own machine that does all right, and one
// that hides visitors. An admin asks for the checks on another machine, and on the server.
func TestProxyIsNotJudgedByARequestThatComesFromATrustedAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		networks []string
		pass     func(r *httputil.ProxyRequest)
		level    health.Level // for the admin on another machine
		words    string
	}{
		"the very address": {
			[]string{"127.0.0.1/32"}, (*httputil.ProxyRequest).SetXForwarded, health.OK, "your browser",
		},
		"a network around it": {
			[]string{"10.0.0.0/8", "127.0.0.0/28"}, (*httputil.ProxyRequest).SetXForwarded, health.OK, "browser",
		},
		"a proxy that hides us": {
			[]string{"127.0.0.1/32"},
			func(r *httputil.ProxyRequest) { r.Out.Header.Set("X-Forwarded-For", "127.0.0.1") },
			health.NotChecked, "the proxy hides visitors",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			proxy := httptest.NewServer(nil)
			t.Cleanup(proxy.Close)
			s := newSite(t, proxy.URL, c.networks...)
			proxy.Config.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(parse(t, s.server.URL))
				r.Out.Host = r.In.Host
				c.pass(r)
			}}
			const words = "This check comes from 127.0.0.1, which TIEBREAK_TRUSTED_PROXIES lists"
			s.at(t, proxy.URL).want("proxy", health.NotChecked, words, "open "+proxy.URL+"/staff on another machine")
			s.askedBy(t, "127.0.0.77").want("proxy", c.level, c.words)
			s.askedBy(t, "127.0.0.1").want("proxy", health.NotChecked, "check again on another machine")
		})
	}
}

// askedBy returns what the site's doctor finds when an admin at the network address asks for the checks at the public address.
func (s site) askedBy(t *testing.T, address string) findings {
	t.Helper()
	_, err := s.db.NewSetupLink(t.Context(), staff.Digest("LINK"))
	must(t, err)
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := http.Client{Jar: jar, Transport: from(t, address), CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	post := func(path string, form url.Values) (status int) {
		response, err := browser.PostForm(s.base.String()+path, form)
		must(t, err)
		must(t, response.Body.Close())
		return response.StatusCode
	}
	me := url.Values{"name": {"Sample Admin"}, "email": {"admin@example.org"}, "password": {"a sample password"}}
	if post("/staff/setup/LINK", me) != http.StatusSeeOther && post("/staff/sign-in", me) != http.StatusSeeOther {
		t.Fatal("the admin is not signed in")
	}
	if status := post("/staff/doctor/checks", nil); status != http.StatusSeeOther {
		t.Fatalf("the checks are answered with %d", status)
	}
	for s.doctor.UnderWay() { // the answer comes before slow checks are done
		time.Sleep(10 * time.Millisecond)
	}
	return findings{t, s.doctor.Last().Findings}
}
