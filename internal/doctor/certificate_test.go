package doctor_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http/httptest"
	"testing"
	"time"
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
