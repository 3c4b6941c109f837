// Package certificate obtains the site's certificate from an authority such as Let's Encrypt, by ACME (RFC 8555), and renews it.
//
// All instances share the account, the certificate and the challenges in PostgreSQL. One at a time orders, any answers the
// authority, and each keeps the certificate in memory.
package certificate

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"

	"tiebreak/internal/postgres"
)

// Config is what a Keeper needs.
type Config struct {
	DB        *postgres.DB
	BaseURL   *url.URL // https, with a host name
	Directory string   // address of the authority's ACME directory
	Program   string   // name and version, for the authority
	Log       *slog.Logger
}

// Keeper has the certificate of the site. It never orders one for another host.
type Keeper struct {
	Config
	id         postgres.CertificateID
	current    atomic.Pointer[loaded]
	challenges challenges
	silent     bool // the database failed when it was last read, and the log says so
}

// loaded is a certificate that visitors get.
type loaded struct {
	*tls.Certificate
	pem string
}

// New reads the certificate, if there is one already.
func New(ctx context.Context, c Config) (*Keeper, error) {
	k := &Keeper{Config: c, id: postgres.CertificateID{Directory: c.Directory, Host: c.BaseURL.Hostname()}}
	k.challenges.db = c.DB.Readers()
	if err := c.DB.TrySooner(ctx, k.id); err != nil {
		return nil, err
	}
	stored, err := c.DB.Certificate(ctx, k.id)
	if err == nil {
		k.use(stored.PEM)
	}
	return k, err
}

// How often a program looks whether there is another certificate, or one to order.
const (
	lookEvery      = time.Minute
	lookWithoutOne = 2 * time.Second
	looksInALife   = 10 // of what remains of the certificate, if that is short
	minLooking     = time.Second
)

// Run keeps the certificate fresh until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		k.look(ctx)
		wait := lookWithoutOne
		if until := k.Until(); !until.IsZero() {
			wait = min(lookEvery, max(minLooking, time.Until(until)/looksInALife))
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// look takes over a certificate that another instance obtained, and orders one if it is time.
func (k *Keeper) look(ctx context.Context) {
	stored, err := k.DB.Certificate(ctx, k.id)
	if err != nil {
		if ctx.Err() == nil && !k.silent {
			k.Log.Warn("The certificate cannot be read from the database. The one in memory stays in use.", "error", err)
		}
		k.silent = true
		return
	}
	k.silent = false
	k.use(stored.PEM)
	if !stored.Due {
		return
	}
	claimed, err := k.DB.ClaimOrder(ctx, k.id, max(claimTime, pause(stored.Failures+1)))
	if err != nil {
		k.Log.Warn("A certificate cannot be ordered while the database does not take writes.", "error", err)
	}
	if claimed {
		k.order(ctx, stored.Failures+1)
	}
}

// use gives visitors the certificate from now on.
func (k *Keeper) use(pem []byte) {
	before := k.current.Load()
	if len(pem) == 0 || before != nil && before.pem == string(pem) {
		return
	}
	cert, err := tls.X509KeyPair(pem, pem)
	if err != nil {
		k.Log.Error("The certificate in the database cannot be read.", "error", err)
		return
	}
	k.current.Store(&loaded{&cert, string(pem)})
	if before != nil {
		k.Log.Info("certificate replaced", "host", k.id.Host, "until", cert.Leaf.NotAfter)
	}
}

// Until returns when the certificate in use expires, zero without one.
func (k *Keeper) Until() time.Time {
	if c := k.current.Load(); c != nil {
		return c.Leaf.NotAfter
	}
	return time.Time{}
}

// TLS returns the settings of a server that shows the certificate, and answers challenges, to those who ask for the site's host.
func (k *Keeper) TLS() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"h2", "http/1.1", acme.ALPNProto},
		GetCertificate: k.certificateFor,
	}
}

// certificateFor returns the certificate that a client gets. It returns nil for another host, and before the first certificate.
func (k *Keeper) certificateFor(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if strings.ToLower(strings.TrimSuffix(hello.ServerName, ".")) != k.id.Host {
		return nil, nil
	}
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
		return k.challenges.certificate(hello.Context(), k.id.Host)
	}
	if c := k.current.Load(); c != nil {
		return c.Certificate, nil
	}
	return nil, nil
}

// Describe says in words which certificate there is, for the start lines.
func (k *Keeper) Describe(ctx context.Context) string {
	if until := k.Until(); !until.IsZero() {
		return "certificate of " + k.id.Host + " until " + until.UTC().Format("2 Jan 2006, 15:04 UTC")
	}
	return fmt.Sprintf("no certificate of %s yet: it is ordered from %s. %s %s", k.id.Host, k.Directory, k.whereItPoints(ctx),
		portsMustBeOpen)
}
