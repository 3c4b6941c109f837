package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgtest"
)

// TestRenewedCertificateReachesBothInstances has certificates that live for 20 seconds.
func TestRenewedCertificateReachesBothInstances(t *testing.T) {
	t.Parallel()
	rig := newTLSRig(t, acmetest.Options{Life: 20 * time.Second})
	first, second := rig.start(), rig.start()
	before := rig.secured(first, "")
	rig.secured(first, before)
	rig.secured(second, before)
	pgtest.Eventually(t, firstStart, "both have the same certificate", func() bool {
		one, _ := rig.serial(first, tlsHost)
		other, _ := rig.serial(second, tlsHost)
		return one != "" && one == other
	})
	if orders := rig.authority.Orders(); orders < 2 || orders > 4 {
		t.Errorf("there were %d orders", orders)
	}
}

// TestDomainThatDoesNotPointHereIsExplained gives the domain to nobody, then to another server, then to this one.
func TestDomainThatDoesNotPointHereIsExplained(t *testing.T) {
	t.Parallel()
	rig := newTLSRig(t, acmetest.Options{})
	rig.authority.DNS.Point(tlsHost)
	s := rig.start()
	says := func(words ...string) {
		t.Helper()
		defer func() {
			if t.Failed() {
				t.Log(rig.said(s))
			}
		}()
		pgtest.Eventually(t, firstStart, fmt.Sprintf("it says %q", words), func() bool {
			for _, w := range words {
				if !strings.Contains(rig.said(s), w) {
					return false
				}
			}
			return true
		})
	}
	says("TLS      no certificate of guides.test yet",
		"No certificate was obtained. DNS has no address for guides.test: add an A record")
	rig.wantOrders(0)
	wantNoCertificateYet(t, rig)
	found, code := diagnosis(t, t.TempDir(), rig.settings()...)
	if f := found["certificate"]; code != exitFailed || f.Finding != "No certificate has been issued yet." ||
		!strings.Contains(f.Advice, "DNS has no address for guides.test: add an A record") {
		t.Errorf("doctor ends with %d and says %+v", code, f)
	}

	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	rig.plain.backends.Store(&[]string{strings.TrimPrefix(other.URL, "http://")})
	rig.site.backends.Store(&[]string{})
	rig.authority.DNS.Point(tlsHost, "127.0.0.1")
	rig.tryNow()
	says("The authority did not find this server at port 80 of guides.test: ", "returned 404",
		"DNS says that guides.test is at 127.0.0.1.", "Point the name to this server", "let both through firewalls and routers")
	pgtest.Await(t, rig.cluster.URL(), 0, `failures = 1 AND problem LIKE 'The authority did not find%' AND
		next_try_at BETWEEN clock() + interval '50 seconds' AND clock() + interval '1 minute' FROM acme_certificates`)
	rig.tryNow()
	says("The authority did not find this server at port 443 of guides.test: ")
	pgtest.Await(t, rig.cluster.URL(), 0, `failures = 2 AND
		next_try_at BETWEEN clock() + interval '3 minutes' AND clock() + interval '4 minutes' FROM acme_certificates`)
	rig.wantOrders(2)

	rig.balance()
	rig.tryNow()
	rig.secured(s, "")
	rig.wantOrders(3)
	pgtest.Await(t, rig.cluster.URL(), 0, `failures = 0 AND problem = '' FROM acme_certificates`)
}

// wantNoCertificateYet checks what visitors and balancers get before there is a certificate.
func wantNoCertificateYet(t *testing.T, rig *tlsRig) {
	t.Helper()
	plain := rig.client(rig.plain.listener.Addr().String())
	status, _, _, text := answer(t, plain, http.MethodGet, "http://guides.test/", "")
	if status != http.StatusServiceUnavailable {
		t.Errorf("plain HTTP is answered with %d: %s", status, text)
	}
	status, _, _, text = answer(t, plain, http.MethodGet, "http://guides.test/readyz", "")
	if status != http.StatusOK || !strings.Contains(text, "certificate: none yet") {
		t.Errorf("/readyz is answered with %d: %s", status, text)
	}
}

// TestInterruptedOrderIsMadeAgain stops the program in the middle of an order, and kills it in the middle of the next one.
func TestInterruptedOrderIsMadeAgain(t *testing.T) {
	t.Parallel()
	rig := newTLSRig(t, acmetest.Options{Slow: true})
	ordered := func(times int) {
		t.Helper()
		pgtest.Eventually(t, firstStart, "the authority is about to ask", func() bool {
			return strings.Count(rig.authority.Log(), "POST /chalZ/") >= times
		})
	}
	s := rig.start()
	ordered(1)
	s.stop()
	s = rig.start() // another one may order at once
	ordered(2)
	s.kill()
	s = rig.start()
	pgtest.Await(t, rig.cluster.URL(), 0, `next_try_at > clock() + interval '30 seconds' FROM acme_certificates`)
	rig.wantOrders(2)

	rig.tryNow() // as if the claim had run out
	rig.secured(s, "")
	rig.wantOrders(3)
	pgtest.Await(t, rig.cluster.URL(), startLimit, `count(*) = 0 FROM acme_challenges WHERE name LIKE 'tls-alpn-01%'`)
}

// TestSiteRunsWithoutTheAuthorityAndWithoutTheDatabase starts while the authority is away. Later the database stops answering.
func TestSiteRunsWithoutTheAuthorityAndWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	environment, told := listenAsSystemd(t)
	rig := newTLSRig(t, acmetest.Options{}, environment...)
	rig.authority.Stop()
	s := rig.start()
	pgtest.Eventually(t, firstStart, "it says that the authority is away", func() bool {
		return strings.Contains(rig.said(s), "The authority at "+rig.authority.Directory+" did not answer as it should")
	})
	wantNoCertificateYet(t, rig)
	serving := "STATUS=Serving " + rig.base
	eventually(t, "systemd is told too", func() bool {
		return strings.Contains(told.all(), serving+", but there is no certificate yet\n")
	})
	rig.authority.Run()
	rig.tryNow()
	serial := rig.secured(s, "")
	secure := rig.client(rig.site.listener.Addr().String())
	answer(t, secure, http.MethodGet, rig.base+guidePath, "")

	eventually(t, "systemd is told of the certificate", func() bool { return strings.Contains(told.all(), serving+"\n") })

	must(t, rig.cluster.Close())
	if again, err := rig.serial(s, tlsHost); again != serial {
		t.Errorf("without the database there is certificate %s (%v)", again, err)
	}
	if status, _, _, _ := answer(t, secure, http.MethodGet, rig.base+guidePath, ""); status != http.StatusOK {
		t.Errorf("without the database, the guide is answered with %d", status)
	}
}
