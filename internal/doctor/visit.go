package doctor

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"tiebreak/internal/digest"
	"tiebreak/internal/postgres"
)

// Path is where a site answers its own doctor, before the token.
const Path = "/doctor/"

// SiteAnswer is what the site says of a request of its doctor: how it arrived, and how the program that took it is doing.
type SiteAnswer struct {
	Proof          string   `json:"proof"` // that this very site answers
	Host           string   `json:"host"`
	TLS            bool     `json:"tls"`     // the program itself did TLS
	Peer           string   `json:"peer"`    // the network address that the connection comes from
	ForwardedFor   []string `json:"for"`     // X-Forwarded-For
	ForwardedProto string   `json:"proto"`   // X-Forwarded-Proto
	Proxies        []string `json:"proxies"` // TIEBREAK_TRUSTED_PROXIES
	Client         string   `json:"client"`  // the visitor's network address as the site knows it; "" if it does not
	MemoryUsed     int64    `json:"used"`    // by the program, in bytes; 0 if unknown
	MemoryLimit    int64    `json:"limit"`   // 0 without one
}

// NewToken returns a token by which the site knows its own doctor. It is in lower case, as all paths of the site.
func NewToken(secret []byte) string {
	nonce := strings.ToLower(rand.Text())
	return nonce + "." + sign(secret, "doctor:"+nonce)
}

// Proof returns what only the site with the secret can answer to the token. ok is false for a token that is not ours.
func Proof(secret []byte, token string) (proof string, ok bool) {
	nonce, signature := token, ""
	if at := len(token) - signatureLength - 1; at > 0 && token[at] == '.' {
		nonce, signature = token[:at], token[at+1:]
	}
	if !hmac.Equal([]byte(signature), []byte(sign(secret, "doctor:"+nonce))) {
		return "", false
	}
	return sign(secret, "doctor's answer:"+nonce), true
}

const signatureLength = 32

func sign(secret []byte, text string) string {
	return hex.EncodeToString(digest.Keyed(secret, text))[:signatureLength]
}

// visit is what came of asking the site at its public address.
type visit struct {
	skipped string // why it was not asked; "" if it was
	advice  string // what to do about that
	err     error
	status  int
	moved   string                // where an answer that redirects leads
	expires time.Time             // the certificate; zero without TLS
	found   bool                  // this very site answered
	from    string                // our network address, as far as this machine knows it
	order   *postgres.Certificate // what the database knows about the certificate; nil where a proxy does TLS
	SiteAnswer
}

// databaseUnread is a visit that was not made because the database does not tell how to know the site.
var databaseUnread = visit{skipped: noDatabase, advice: seeDatabase}

// visitOnce returns a function that asks the site at the first call, and returns what came of it at each.
func (d *Doctor) visitOnce(ctx context.Context) func() visit {
	return sync.OnceValue(func() visit {
		limited, cancel := context.WithTimeout(ctx, checkTime)
		defer cancel()
		if d.DB == nil {
			return databaseUnread
		}
		secret, err := d.DB.Probes().Secret(limited)
		if err != nil {
			return databaseUnread
		}
		if age, err := d.DB.Probes().LastBeat(limited); err != nil {
			return databaseUnread
		} else if !d.running(age) {
			return visit{skipped: "The site is not running.", advice: "Start the site, then run this again."}
		}
		order, err := d.order(limited)
		if err != nil {
			return databaseUnread
		}
		v := d.visit(limited, NewToken(secret), secret)
		v.order = order
		return v
	})
}

// visit asks the site once. It follows no redirect.
func (d *Doctor) visit(ctx context.Context, token string, secret []byte) (v visit) {
	trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		v.from, _, _ = net.SplitHostPort(c.Conn.LocalAddr().String())
	}}
	ctx = httptrace.WithClientTrace(ctx, trace)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.BaseURL.JoinPath(Path, token).String(), nil)
	if err != nil {
		return visit{err: err}
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: d.roots}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return visit{err: err}
	}
	defer response.Body.Close()
	v.status, v.moved = response.StatusCode, response.Header.Get("Location")
	if response.TLS != nil {
		v.expires = response.TLS.PeerCertificates[0].NotAfter
	}
	if json.NewDecoder(io.LimitReader(response.Body, 64<<10)).Decode(&v.SiteAnswer) == nil {
		want, _ := Proof(secret, token)
		v.found = hmac.Equal([]byte(want), []byte(v.Proof))
	}
	return v
}
