package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tiebreak/internal/acmetest"
	"tiebreak/internal/pgembed"
	"tiebreak/internal/pgtest"
)

const tlsHost = "guides.test"

// tlsRig is a domain with a balancer before its instances, and an authority that asks the balancer.
type tlsRig struct {
	t            *testing.T
	authority    *acmetest.Authority
	cluster      *pgembed.Cluster
	site, plain  *balancer
	instances    []*server
	base         string // https://guides.test:PORT
	extra        []string
	plainAddress map[*server]string
	siteAddress  map[*server]string
	printed      map[*server]string // path of what it has printed
}

// newTLSRig prepares the domain, without an instance yet.
func newTLSRig(t *testing.T, o acmetest.Options, extra ...string) *tlsRig {
	t.Helper()
	r := &tlsRig{
		t: t, cluster: pgtest.Start(t, siteFolder(t)), site: newBalancer(t), plain: newBalancer(t), extra: extra,
		plainAddress: map[*server]string{}, siteAddress: map[*server]string{}, printed: map[*server]string{},
	}
	o.HTTPPort, o.TLSPort = r.plain.port(), r.site.port()
	if o.Life == 0 {
		o.Life = 90 * 24 * time.Hour
	}
	r.authority = acmetest.Start(t, o)
	r.authority.DNS.Point(tlsHost, "127.0.0.1")
	r.base = "https://" + net.JoinHostPort(tlsHost, strconv.Itoa(o.TLSPort))
	return r
}

// start runs one more instance, and puts it behind the balancer.
func (r *tlsRig) start() *server {
	r.t.Helper()
	s := &server{t: r.t, cmd: command(r.t, dataFolder(r.t), "serve")}
	s.cmd.Env = append(append(s.cmd.Env, r.settings()...), r.extra...)
	path := filepath.Join(r.t.TempDir(), "printed")
	printed, err := os.Create(path)
	must(r.t, err)
	defer printed.Close()
	s.cmd.Stdout, s.cmd.Stderr = printed, printed
	must(r.t, s.cmd.Start())
	r.t.Cleanup(s.stop)
	r.printed[s] = path
	pgtest.Eventually(r.t, firstStart, "the instance is up", func() bool {
		r.siteAddress[s], r.plainAddress[s] = wordAfter(r.said(s), "HTTPS"), wordAfter(r.said(s), "HTTP")
		return r.plainAddress[s] != "" && ready("http://"+r.plainAddress[s])
	})
	r.instances = append(r.instances, s)
	r.balance()
	return s
}

// settings returns those of each instance, and of its commands.
func (r *tlsRig) settings() []string {
	return []string{
		"DATABASE_URL=" + r.cluster.URL(), "TIEBREAK_TLS=auto", "TIEBREAK_HTTP_ADDR=127.0.0.1:0", "TIEBREAK_BASE_URL=" + r.base,
		"TIEBREAK_ACME_URL=" + r.authority.Directory, "SSL_CERT_FILE=" + r.authority.CAFile,
		"TIEBREAK_TEST_DNS=" + r.authority.DNS.Address,
	}
}

// said returns what the instance has printed and logged.
func (r *tlsRig) said(s *server) string { return readFile(r.t, r.printed[s]) }

// balance has the balancer know the instances that run.
func (r *tlsRig) balance() {
	var site, plain []string
	for _, s := range r.instances {
		if s.cmd.ProcessState == nil {
			site, plain = append(site, r.siteAddress[s]), append(plain, r.plainAddress[s])
		}
	}
	r.site.backends.Store(&site)
	r.plain.backends.Store(&plain)
}

// client returns a client that trusts the authority and finds the domain at the address.
func (r *tlsRig) client(address string) *http.Client {
	return &http.Client{
		Timeout: time.Minute,
		Transport: &http.Transport{
			DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: r.authority.Roots},
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", address)
			},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// serial returns the number of the certificate that the instance shows for the name, or the error of the handshake.
func (r *tlsRig) serial(s *server, name string) (string, error) {
	conn, err := tls.Dial("tcp", r.siteAddress[s], &tls.Config{ServerName: name, RootCAs: r.authority.Roots})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.String(), nil
}

// secured waits until the instance has a certificate, other than the one before, and returns its number.
func (r *tlsRig) secured(s *server, before string) (serial string) {
	r.t.Helper()
	defer func() {
		if r.t.Failed() {
			r.t.Logf("the instance said: %s\nthe authority: %s", r.said(s), r.authority.Log())
		}
	}()
	pgtest.Eventually(r.t, time.Minute, "the instance has a certificate", func() bool {
		var err error
		serial, err = r.serial(s, tlsHost)
		return err == nil && serial != before
	})
	return serial
}

// wantOrders checks how many orders the authority has got.
func (r *tlsRig) wantOrders(want int) {
	r.t.Helper()
	if got := r.authority.Orders(); got != want {
		r.t.Errorf("%d orders, want %d: %s", got, want, r.authority.Log())
	}
}

// tryNow moves the time of the next order to now.
func (r *tlsRig) tryNow() {
	r.t.Helper()
	must(r.t, pgtest.Exec(r.t, r.cluster.URL(), `UPDATE acme_certificates SET next_try_at = clock()`))
}

// balancer passes each connection on to the next of its backends, as a balancer does that knows nothing of HTTP.
type balancer struct {
	listener net.Listener
	backends atomic.Pointer[[]string]
	next     atomic.Int64
}

func newBalancer(t *testing.T) *balancer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	b := &balancer{listener: listener}
	b.backends.Store(&[]string{})
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go b.pass(conn)
		}
	}()
	return b
}

func (b *balancer) port() int { return b.listener.Addr().(*net.TCPAddr).Port }

func (b *balancer) pass(conn net.Conn) {
	defer conn.Close()
	backends := *b.backends.Load()
	if len(backends) == 0 {
		return
	}
	to, err := net.Dial("tcp", backends[int(b.next.Add(1))%len(backends)])
	if err != nil {
		return
	}
	defer to.Close()
	go func() { _, _ = io.Copy(to, conn); _ = to.(*net.TCPConn).CloseWrite() }()
	_, _ = io.Copy(conn, to)
}

// answer returns the status of an answer, its protocol, where it leads and its body.
func answer(t *testing.T, client *http.Client, method, address, body string) (status int, proto, location, text string) {
	t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	must(t, err)
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := client.Do(request)
	must(t, err)
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, response.Proto, response.Header.Get("Location"), string(page)
}
