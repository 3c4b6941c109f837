// Package acmetest runs a certificate authority for tests: pebble, which speaks ACME as Let's Encrypt does, and a DNS server that
// it asks.
package acmetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Options say how an authority behaves.
type Options struct {
	HTTPPort, TLSPort int           // where it asks for challenges, instead of 80 and 443
	Life              time.Duration // of its certificates
	Slow              bool          // whether it takes seconds to ask for a challenge
}

// Authority is a running certificate authority.
type Authority struct {
	DNS       *DNS
	Directory string         // address of its ACME directory
	CAFile    string         // certificate of that address, for SSL_CERT_FILE
	Roots     *x509.CertPool // what its certificates lead to

	t       testing.TB
	cmd     *exec.Cmd
	manage  string // address of its management
	log     string // path
	config  string // path
	options Options
}

// Start runs an authority until the test ends.
func Start(t testing.TB, o Options) *Authority {
	t.Helper()
	folder := t.TempDir()
	a := &Authority{
		DNS: startDNS(t), CAFile: filepath.Join(folder, "cert.pem"), t: t, log: filepath.Join(folder, "log"),
		config: filepath.Join(folder, "config.json"), options: o,
	}
	keyFile := filepath.Join(folder, "key.pem")
	WriteCertificate(t, a.CAFile, keyFile, "localhost")
	listen, manage := FreeAddress(t), FreeAddress(t)
	a.Directory = "https://" + listen + "/dir"
	settings := map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": manage, "certificate": a.CAFile, "privateKey": keyFile,
		"httpPort": o.HTTPPort, "tlsPort": o.TLSPort, "keyAlgorithm": "ecdsa",
		"retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles":   map[string]any{"default": map[string]any{"description": "", "validityPeriod": int(o.Life.Seconds())}},
	}}
	text, err := json.Marshal(settings)
	must(t, err)
	must(t, os.WriteFile(a.config, text, 0o600))
	a.manage = "https://" + manage
	a.Run()
	return a
}

// Run starts the program again after Stop. It has forgotten all accounts and orders, and has other roots.
func (a *Authority) Run() {
	a.t.Helper()
	program, err := pebble()
	must(a.t, err)
	log, err := os.OpenFile(a.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(a.t, err)
	defer log.Close()
	a.cmd = exec.Command(program, "-config", a.config, "-dnsserver", a.DNS.Address, "-strict")
	a.cmd.Stdout, a.cmd.Stderr = log, log
	a.cmd.Env = append(os.Environ(), "PEBBLE_AUTHZREUSE=0")
	if a.options.Slow {
		a.cmd.Env = append(a.cmd.Env, "PEBBLE_VA_SLEEPTIME=5")
	} else {
		a.cmd.Env = append(a.cmd.Env, "PEBBLE_VA_NOSLEEP=1")
	}
	must(a.t, a.cmd.Start())
	a.t.Cleanup(a.Stop)
	a.Roots = a.roots()
}

// Stop ends the program.
func (a *Authority) Stop() {
	if a.cmd.ProcessState == nil {
		_ = a.cmd.Process.Kill()
		_ = a.cmd.Wait()
	}
}

// Orders returns how many orders there were.
func (a *Authority) Orders() int { return strings.Count(a.Log(), "Added order ") }

// Log returns what the authority has logged.
func (a *Authority) Log() string {
	text, err := os.ReadFile(a.log)
	must(a.t, err)
	return string(text)
}

// roots waits for the authority and reads its root certificate.
func (a *Authority) roots() *x509.CertPool {
	a.t.Helper()
	text, err := os.ReadFile(a.CAFile)
	must(a.t, err)
	own := x509.NewCertPool()
	own.AppendCertsFromPEM(text)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own}}}
	for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		answer, err := client.Get(a.manage + "/roots/0")
		if err == nil {
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			must(a.t, err)
			pool := x509.NewCertPool()
			if !pool.AppendCertsFromPEM(text) {
				a.t.Fatalf("no root certificate: %s", text)
			}
			return pool
		}
		if time.Since(began) > time.Minute {
			a.t.Fatalf("pebble does not start: %v\n%s", err, a.Log())
		}
	}
}

// pebble returns the path of the program, which is built once for all tests of a package.
var pebble = sync.OnceValues(func() (string, error) {
	module, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	root := filepath.Dir(strings.TrimSpace(string(module)))
	path, err := exec.Command("go", "-C", root, "tool", "-modfile=tools.mod", "-n", "pebble").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pebble: %w: %s", err, path)
	}
	return strings.TrimSpace(string(path)), nil
})

// FreeAddress returns an address that nothing listens on.
func FreeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close()
	return listener.Addr().String()
}

// WriteCertificate writes a certificate of 127.0.0.1 and the host, and its key.
func WriteCertificate(t testing.TB, certFile, keyFile, host string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	must(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), 0o600))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
