package certificate

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/crypto/acme"

	"tiebreak/internal/postgres"
	"tiebreak/internal/text"
)

// How long orders take and wait. A claim is extended while its order is under way, so that it soon ends if the program dies.
const (
	orderTime   = 4 * time.Minute
	claimTime   = time.Minute
	extendEvery = 15 * time.Second
	leaveTime   = 2 * time.Second // to write down that an order was given up, at the end of the program
)

// Let's Encrypt allows five failed validations of a host in an hour, one more every 12 minutes. The pauses stay below that: 1, 4,
// 9 minutes and so on.
const (
	maxPause      = time.Hour
	restartPause  = 12 * time.Minute
	noAddressWait = time.Minute // until DNS is asked again; the authority is not
)

// pause returns how long to wait after so many failures in a row.
func pause(failures int) time.Duration {
	n := time.Duration(min(failures, 60))
	return min(maxPause, n*n*time.Minute)
}

// order obtains a certificate for all instances. failures counts the orders since the last that succeeded, this one too.
func (k *Keeper) order(ctx context.Context, failures int) {
	limited, cancel := context.WithTimeout(ctx, orderTime)
	defer cancel()
	go k.extendClaim(limited)
	// The first try is by port 80, the next by port 443, and so on: each failure counts with the authority.
	kind := []string{tlsALPN01, http01}[failures%2]
	err := k.obtain(limited, kind)
	cancel()
	if err == nil {
		return
	}
	failed := postgres.FailedOrder{Next: pause(failures), AfterRestart: restartPause}
	switch {
	case ctx.Err() != nil: // the program ends, and another one may go on at once
		failed = postgres.FailedOrder{NotMade: true}
	case errors.Is(err, errNoAddress):
		failed.NotMade, failed.Next = true, noAddressWait
	}
	if refused, _ := refusal(err); refused != nil {
		wait, _ := acme.RateLimit(refused)
		failed.Next, failed.AfterRestart = max(failed.Next, wait), max(failed.AfterRestart, wait)
	}
	if ctx.Err() == nil {
		failed.Problem = text.OneLine(k.explain(limited, err, kind)) // it quotes the authority; PostgreSQL takes no NUL
		k.Log.Warn("No certificate was obtained. "+failed.Problem, "host", k.id.Host,
			"next_try", time.Now().Add(failed.Next).UTC(), "certificate_until", k.untilWords())
	}
	leaving, done := context.WithTimeout(context.WithoutCancel(ctx), leaveTime)
	defer done()
	if err := k.DB.OrderFailed(leaving, k.id, failed); err != nil {
		k.Log.Warn("The end of an order cannot be written down.", "error", err)
	}
}

// extendClaim keeps other instances from ordering until ctx ends.
func (k *Keeper) extendClaim(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(extendEvery):
			_ = k.DB.ExtendClaim(ctx, k.id, claimTime) // the next one may succeed
		}
	}
}

// obtain orders a certificate, proves by the kind of challenge that the host is ours, and stores the certificate.
func (k *Keeper) obtain(ctx context.Context, kind string) error {
	if _, err := lookUp(ctx, k.id.Host); errors.Is(err, errNoAddress) {
		return err
	}
	client, err := k.client(ctx)
	if err != nil {
		return err
	}
	k.Log.Info("ordering a certificate", "host", k.id.Host, "directory", k.Directory, "challenge", kind)
	order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(k.id.Host))
	if err != nil {
		return err
	}
	for _, address := range order.AuthzURLs {
		if err := k.prove(ctx, client, address, kind); err != nil {
			return err
		}
	}
	if order, err = client.WaitOrder(ctx, order.URI); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{k.id.Host}}, key)
	if err != nil {
		return err
	}
	chain, _, err := client.CreateCertFromOrder(ctx, order, request, true)
	if err != nil {
		return err
	}
	return k.store(ctx, key, chain)
}

// client returns a client of the authority that is signed in to our account there.
func (k *Keeper) client(ctx context.Context) (*acme.Client, error) {
	fresh, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalECPrivateKey(fresh)
	if err != nil {
		return nil, err
	}
	if der, err = k.DB.AccountKey(ctx, k.Directory, der); err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("key of the account: %w", err)
	}
	client := &acme.Client{Key: key, DirectoryURL: k.Directory, UserAgent: k.Program, HTTPClient: http.DefaultClient}
	_, err = client.Register(ctx, &acme.Account{}, acme.AcceptTOS)
	if errors.Is(err, acme.ErrAccountAlreadyExists) {
		err = nil
	}
	return client, err
}

// prove answers a challenge of the kind, so that the authority believes that the host is ours. It may know that already.
func (k *Keeper) prove(ctx context.Context, client *acme.Client, address, kind string) error {
	authorization, err := client.GetAuthorization(ctx, address)
	if err != nil || authorization.Status == acme.StatusValid {
		return err
	}
	i := slices.IndexFunc(authorization.Challenges, func(c *acme.Challenge) bool { return c.Type == kind })
	if i < 0 {
		return fmt.Errorf("the authority offers no challenge %s", kind)
	}
	challenge := authorization.Challenges[i]
	name, answer, err := k.answerTo(client, challenge)
	if err != nil {
		return err
	}
	if err := k.DB.AddChallenge(ctx, name, answer); err != nil {
		return err
	}
	defer func() { _ = k.DB.RemoveChallenge(context.WithoutCancel(ctx), name) }() // it answers nothing any more
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * challengeAge): // until all instances know it
	}
	if _, err := client.Accept(ctx, challenge); err != nil {
		return err
	}
	_, err = client.WaitAuthorization(ctx, authorization.URI)
	return err
}

// answerTo returns under which name the authority will ask, and the answer.
func (k *Keeper) answerTo(client *acme.Client, c *acme.Challenge) (name string, answer []byte, err error) {
	if c.Type == http01 {
		response, err := client.HTTP01ChallengeResponse(c.Token)
		return challengeName(http01, c.Token), []byte(response), err
	}
	cert, err := client.TLSALPN01ChallengeCert(c.Token, k.id.Host)
	if err != nil {
		return "", nil, err
	}
	answer, err = toPEM(cert.PrivateKey, cert.Certificate)
	return challengeName(tlsALPN01, k.id.Host), answer, err
}

// store checks the certificate, stores it for all instances and uses it.
func (k *Keeper) store(ctx context.Context, key *ecdsa.PrivateKey, chain [][]byte) error {
	pem, err := toPEM(key, chain)
	if err != nil {
		return err
	}
	cert, err := tls.X509KeyPair(pem, pem)
	if err == nil {
		err = cert.Leaf.VerifyHostname(k.id.Host)
	}
	if err != nil {
		return fmt.Errorf("the authority sent a certificate that cannot be used: %w", err)
	}
	life := cert.Leaf.NotAfter.Sub(cert.Leaf.NotBefore)
	if err := k.DB.StoreCertificate(ctx, k.id, pem, life*2/3, time.Until(cert.Leaf.NotAfter)); err != nil {
		return err
	}
	k.Log.Info("certificate obtained", "host", k.id.Host, "until", cert.Leaf.NotAfter)
	k.use(pem)
	return nil
}
