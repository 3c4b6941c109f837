package doctor_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/web"
	"tiebreak/internal/web/page"
)

// site is a running site on a database of its own.
type site struct {
	db     *postgres.DB
	server *httptest.Server
	base   *url.URL
	doctor *doctor.Doctor // that of the running site
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
	s.doctor = doctor.New(doctor.Config{DB: s.db, BaseURL: s.base})
	handler, err := web.New(t.Context(), web.Config{Config: page.Config{
		DB: s.db, BaseURL: s.base, Proxies: proxies, Log: slog.New(slog.DiscardHandler), Doctor: s.doctor,
	}})
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
			f.want("memory", health.NotChecked, "did not answer there")
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
