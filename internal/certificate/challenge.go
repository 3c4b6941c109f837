package certificate

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"sync"
	"time"

	"tiebreak/internal/postgres"
)

// Kinds of challenges, by their names in RFC 8555 and RFC 8737: the authority asks at port 80, or at port 443.
const (
	http01    = "http-01"
	tlsALPN01 = "tls-alpn-01"
)

// challengeAge is how old the known challenges may be. Strangers can ask for some as often as they like: that costs one query in
// this time. A new challenge is known to all instances after it.
const challengeAge = time.Second

// challengeReadTime bounds that query.
const challengeReadTime = 2 * time.Second

// challenges answers the authority from what is in the database.
type challenges struct {
	db      *postgres.DB
	mu      sync.Mutex
	readAt  time.Time
	answers map[string][]byte
}

// challengeName returns the name of a challenge in the database. The kind is part of it: the answer to one kind is public, that
// to the other has a private key in it.
func challengeName(kind, subject string) string { return kind + " " + subject }

// answer returns the answer to the challenge of the kind, nil if there is no such challenge. The subject is its token or its
// host.
func (c *challenges) answer(ctx context.Context, kind, subject string) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.readAt) >= challengeAge {
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), challengeReadTime)
		defer cancel()
		c.answers, _ = c.db.Challenges(limited) // the authority asks again
		c.readAt = time.Now()
	}
	return c.answers[challengeName(kind, subject)]
}

// certificate returns the certificate that answers the tls-alpn-01 challenge for the host, nil without a challenge.
func (c *challenges) certificate(ctx context.Context, host string) (*tls.Certificate, error) {
	answer := c.answer(ctx, tlsALPN01, host)
	if answer == nil {
		return nil, nil
	}
	cert, err := tls.X509KeyPair(answer, answer)
	return &cert, err
}

// toPEM returns private key and chain in one text.
func toPEM(key any, chain [][]byte) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = pem.Encode(&out, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	for _, one := range chain {
		if err == nil {
			err = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: one})
		}
	}
	return out.Bytes(), err
}
