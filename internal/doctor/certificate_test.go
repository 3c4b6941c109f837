package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strconv"
	"testing"
	"time"

	"tiebreak/internal/certificate"
	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/postgres"
)

// withCertificate starts the server with a certificate for the network address, which the authorities returned have signed.
func withCertificate(t *testing.T, server *httptest.Server, name string, expires time.Time) (authorities *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: expires.AddDate(-1, 0, 0), NotAfter: expires.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: expires.AddDate(-1, 0, 0), NotAfter: expires,
		IPAddresses: []net.IP{net.ParseIP(name)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	must(t, err)
	parsed, err := x509.ParseCertificate(signed)
	must(t, err)
	der, err := x509.CreateCertificate(rand.Reader, leaf, parsed, key.Public(), key)
	must(t, err)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	server.StartTLS()
	t.Cleanup(server.Close)
	authorities = x509.NewCertPool()
	authorities.AddCert(parsed)
	return authorities
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

// TestCertificateThatWasNeverIssuedIsToldWithTheLastOrder has a site that does TLS itself.
func TestCertificateThatWasNeverIssuedIsToldWithTheLastOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t, "https://localhost")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s.base.Host = "localhost:" + strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	const directory = "https://ca.invalid/directory"
	keeper, err := certificate.New(t.Context(), certificate.Config{
		DB: s.db, BaseURL: s.base, Directory: directory, Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	server := &http.Server{Handler: s.server.Config.Handler, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(tls.NewListener(listener, keeper.TLS()))
	t.Cleanup(func() { server.Close() })
	look := func() findings {
		return checked(t, doctor.Config{DB: s.db, BaseURL: s.base, Authority: directory})
	}

	f := look()
	f.want("certificate", health.Problem, "No certificate has been issued yet.", "An order is under way")
	f.want("base-url", health.NotChecked, "localhost:", "has no certificate yet", "See the check certificate")
	id := postgres.CertificateID{Directory: directory, Host: "localhost"}
	_, err = s.db.ClaimOrder(t.Context(), id, time.Minute)
	must(t, err)
	must(t, s.db.OrderFailed(t.Context(), id, postgres.FailedOrder{Problem: "DNS has no address.", Next: time.Hour}))
	f = look()
	f.want("certificate", health.Problem, "No certificate has been issued yet.", "DNS has no address. The next try is on",
		time.Now().Add(time.Hour).UTC().Format("Mon 2 Jan 2006, "))
	f.wantNowhere("he proxy")

	must(t, listener.Close())
	f = look()
	f.want("base-url", health.Problem, "Nothing answers at https://localhost", "Tiebreak itself: see TIEBREAK_ADDR")
	f.want("certificate", health.Problem, "DNS has no address.")
}

func TestCertificateThatIsNotRenewedIsToldWithTheLastOrder(t *testing.T) {
	t.Parallel()
	front := httptest.NewUnstartedServer(nil)
	s := newSite(t, "https://"+front.Listener.Addr().String())
	front.Config.Handler = s.server.Config.Handler
	authorities := withCertificate(t, front, "127.0.0.1", time.Now().Add(100*time.Hour))
	id := postgres.CertificateID{Directory: "https://ca.invalid/directory", Host: "127.0.0.1"}
	_, err := s.db.ClaimOrder(t.Context(), id, time.Minute)
	must(t, err)
	must(t, s.db.StoreCertificate(t.Context(), id, []byte("stored"), time.Hour, 100*time.Hour))
	must(t, s.db.OrderFailed(t.Context(), id, postgres.FailedOrder{Problem: "A CAA record forbids it.", Next: time.Hour}))
	d := doctor.New(doctor.Config{DB: s.db, BaseURL: s.base, Authority: id.Directory})
	d.Trust(authorities)
	f := findings{t, d.Check(t.Context())}
	f.want("certificate", health.Problem, "expires in 4 days", "A CAA record forbids it. The next try is on")
	f.want("base-url", health.OK)
}
