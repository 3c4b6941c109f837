package doctor_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web"
)

// site is a running site on a database of its own.
type site struct {
	db     *postgres.DB
	server *httptest.Server
	base   *url.URL
}

// newSite starts a site whose public address is that of its server, unless another is given, and that trusts the proxies.
func newSite(t *testing.T, base string, proxies ...string) site {
	t.Helper()
	address := pgtest.NewURL(t)
	must(t, pgtest.Exec(t, address, `
		UPDATE heartbeat SET at = now();
		UPDATE site_secret SET secret = sha256(gen_random_uuid()::text::bytea)`)) // copies of one database have the same
	s := site{db: pgtest.Open(t, address), server: httptest.NewUnstartedServer(nil)}
	if base == "" {
		base = "http://" + s.server.Listener.Addr().String()
	}
	s.base = parse(t, base)
	handler, err := web.New(t.Context(), web.Config{
		DB: s.db, BaseURL: s.base, Proxies: proxies, Log: slog.New(slog.DiscardHandler),
		Doctor: doctor.New(doctor.Config{}),
	})
	must(t, err)
	s.server.Config.Handler = handler
	s.server.Start()
	t.Cleanup(s.server.Close)
	return s
}

// at returns what the doctor finds of the site at the public address.
func (s site) at(t *testing.T, base string) findings {
	t.Helper()
	return checked(t, doctor.Config{DB: s.db, BaseURL: parse(t, base)})
}

func TestSiteAnswersAtItsPublicAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	f := s.at(t, s.server.URL)
	f.want("serve", health.OK)
	f.want("base-url", health.OK, s.server.URL)
	f.want("proxy", health.OK, "No proxy")
	f.want("memory", health.OK, "MiB")
	f.want("certificate", health.NotChecked)
}

func TestWrongPublicAddressIsToldApart(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	for name, c := range map[string]struct {
		base  string
		words string
	}{
		"another site of the same kind": {newSite(t, "").server.URL, "Another site answers"},
		"any other site":                {serve(t, http.NotFound), "Another site answers"},
		"one that says what we say": {
			serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"proof": ""}`) }), "Another site answers",
		},
		"a redirect": {
			serve(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://www.example.org"+r.URL.Path, http.StatusMovedPermanently)
			}), "redirects to https://www.example.org.",
		},
		"a proxy without us": {
			serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }),
			"it does not reach Tiebreak (status 502)",
		},
		"nobody":       {"http://" + mailtest.Nobody(t), "Nothing answers"},
		"no such name": {"http://nowhere.invalid", "not found in DNS"},
		"no TLS":       {"https://" + s.server.Listener.Addr().String(), "does not speak TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := s.at(t, c.base)
			f.want("base-url", health.Problem, c.words)
			f.want("proxy", health.NotChecked)
			f.want("memory", health.NotChecked)
		})
	}
}

// serve answers with the handler until the test ends, and returns the address.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
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
		"not trusted":     {nil, set("X-Forwarded-For", "203.0.113.7"), health.Problem, "TIEBREAK_TRUSTED_PROXIES=127.0.0.1/32"},
		"another is trusted": {
			[]string{"192.0.2.0/24"}, set("X-Forwarded-For", "203.0.113.7"), health.Problem, "Add 127.0.0.1/32",
		},
		"no address":         {[]string{ours}, func(*httputil.ProxyRequest) {}, health.Problem, "sends no X-Forwarded-For"},
		"unreadable address": {[]string{ours}, set("X-Forwarded-For", "unknown"), health.Problem, "can be read: unknown."},
		"only proxies":       {[]string{ours}, set("X-Forwarded-For", "127.0.0.9"), health.Problem, "list only proxies"},
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
			proxy.Config.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(parse(t, s.server.URL))
				r.Out.Host = r.In.Host
				c.pass(r)
			}}
			f := s.at(t, proxy.URL)
			f.want("base-url", health.OK)
			f.want("proxy", c.level, c.words)
		})
	}
}

func TestCertificateIsCheckedBeforeItExpires(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		left    time.Duration
		name    string
		trusted bool
		level   health.Level
		words   string
	}{
		"good":          {90*day + time.Hour, "127.0.0.1", true, health.OK, "expires in 90 days"},
		"soon":          {20*day + time.Hour, "127.0.0.1", true, health.Warning, "expires in 20 days"},
		"very soon":     {3*day + time.Hour, "127.0.0.1", true, health.Problem, "expires in 3 days"},
		"expired":       {-day, "127.0.0.1", true, health.Problem, "has expired"},
		"another name":  {90 * day, "192.0.2.1", true, health.Problem, "for another name"},
		"own authority": {90 * day, "127.0.0.1", false, health.Problem, "no authority that this system trusts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front := httptest.NewUnstartedServer(nil)
			s := newSite(t, "https://"+front.Listener.Addr().String(), "127.0.0.1/32")
			front.Config.Handler = &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(parse(t, s.server.URL))
				r.Out.Host = r.In.Host
				r.Out.Header.Set("X-Forwarded-For", "203.0.113.7")
				r.Out.Header.Set("X-Forwarded-Proto", "https")
			}}
			authorities := withCertificate(t, front, c.name, time.Now().Add(c.left))
			d := doctor.New(doctor.Config{DB: s.db, BaseURL: s.base})
			if c.trusted {
				d.Trust(authorities)
			}
			f := findings{t, d.Check(t.Context())}
			f.want("certificate", c.level, c.words)
			if c.left > 0 && c.trusted && c.name == "127.0.0.1" {
				f.want("base-url", health.OK)
				f.want("proxy", health.OK)
			} else {
				f.want("base-url", health.Problem, "not accepted")
			}
		})
	}
}

func TestNobodyElseCanAskWhatTheDoctorAsks(t *testing.T) {
	t.Parallel()
	s := newSite(t, "")
	secret, err := s.db.Secret(t.Context())
	must(t, err)
	for token, want := range map[string]int{
		doctor.NewToken(secret): http.StatusOK, doctor.NewToken([]byte("another")): http.StatusNotFound, "x": http.StatusNotFound,
		".": http.StatusNotFound,
	} {
		response, err := http.Get(s.server.URL + doctor.Path + token)
		must(t, err)
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", token, response.StatusCode, want)
		}
	}
}
