package mailbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
	"tiebreak/internal/mailcheck"
)

// server is an IMAP server (RFC 9051) and a folder of a user there.
type server struct {
	scheme, host, port     string
	user, password, folder string
}

// newServer reads imaps://user:password@host:port/folder, which is encrypted at once, or imap://, which is encrypted by STARTTLS.
// Only a server on this machine may do without.
func newServer(address string) (server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return server{}, errors.New("TIEBREAK_IMAP_URL cannot be read")
	}
	host, err := email.DomainForServer(u.Hostname())
	if err != nil {
		return server{}, fmt.Errorf("TIEBREAK_IMAP_URL: %q is not the name of a server", u.Hostname())
	}
	port := "143"
	if u.Scheme == "imaps" {
		port = "993"
	}
	password, _ := u.User.Password()
	return server{
		scheme: u.Scheme, host: host, port: cmp.Or(u.Port(), port), user: u.User.Username(), password: password,
		folder: cmp.Or(strings.Trim(u.Path, "/"), "INBOX"),
	}, nil
}

// name tells this mailbox from others. The port is not part of it: the same mailbox has several.
func (s server) name() string { return s.user + "\n" + s.host + "\n" + s.folder }

const dialTime = 30 * time.Second

// connection is one to the server. It knows whether it broke.
type connection struct {
	net.Conn
	broke atomic.Bool
}

func (c *connection) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		c.broke.Store(true)
	}
	return n, err
}

// dial connects and signs in. changed is called whenever the server says that the folder changed.
func (s server) dial(ctx context.Context, changed func()) (client *imapclient.Client, conn *connection, err error) {
	limited, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	plain, err := new(net.Dialer).DialContext(limited, "tcp", net.JoinHostPort(s.host, s.port))
	if err != nil {
		return nil, nil, noConnection(err)
	}
	conn = &connection{Conn: plain}
	stop := context.AfterFunc(limited, func() { _ = plain.Close() }) // the library knows no contexts
	defer stop()
	defer func() {
		if err != nil {
			_ = plain.Close()
		}
	}()
	client, err = s.encrypt(limited, conn, &imapclient.Options{
		TLSConfig: &tls.Config{ServerName: s.host, InsecureSkipVerify: email.IsLocalServer(s.host)},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(data *imapclient.UnilateralDataMailbox) {
				if data.NumMessages != nil {
					changed()
				}
			},
		},
	})
	if err != nil {
		return nil, nil, err
	}
	if err := client.WaitGreeting(); err != nil {
		return nil, nil, failure{lead.MailboxUnreachable, err}
	}
	if err := client.Login(s.user, s.password).Wait(); err != nil {
		return nil, nil, refusal(err, lead.MailboxRefused)
	}
	return client, conn, nil
}

// TrySignIn opens the mailbox at the address, and reads nothing. It returns what it found, or what stopped it.
func TrySignIn(ctx context.Context, address string) mailcheck.Mailbox {
	s, err := newServer(address)
	found := mailcheck.Mailbox{User: s.user, Server: net.JoinHostPort(s.host, s.port), Folder: s.folder}
	if err == nil {
		err = s.try(ctx, &found)
	}
	if err != nil {
		found.Problem = problemOf(err)
	}
	return found
}

func (s server) try(ctx context.Context, found *mailcheck.Mailbox) error {
	client, _, err := s.dial(ctx, func() {})
	if err != nil {
		return err
	}
	defer client.Close()
	defer context.AfterFunc(ctx, func() { _ = client.Close() })()
	folder, err := client.Select(s.folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return refusal(err, lead.MailboxMissing)
	}
	found.Messages, found.Tells = int(folder.NumMessages), tells(client)
	return nil
}

// tells reports whether the server tells of new email at once: by IDLE (RFC 2177), which is part of RFC 9051.
func tells(client *imapclient.Client) bool {
	return client.Caps().Has(imap.CapIdle) || client.Caps().Has(imap.CapIMAP4rev2)
}

// encrypt begins a conversation in the way that the settings ask for.
func (s server) encrypt(ctx context.Context, conn net.Conn, options *imapclient.Options) (*imapclient.Client, error) {
	switch {
	case s.scheme == "imaps":
		encrypted := tls.Client(conn, options.TLSConfig)
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, encryptionFailed(ctx, err)
		}
		return imapclient.New(encrypted, options), nil
	case email.IsLocalServer(s.host):
		return imapclient.New(conn, options), nil
	}
	client, err := imapclient.NewStartTLS(conn, options)
	if err != nil {
		return nil, encryptionFailed(ctx, err)
	}
	return client, nil
}

// failure is a problem with its cause.
type failure struct {
	problem lead.MailboxProblem
	cause   error
}

func (f failure) Error() string { return string(f.problem) + ": " + withoutWords(f.cause) }
func (f failure) Unwrap() error { return f.cause }

// noConnection returns why there is no connection to the server.
func noConnection(err error) failure {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return failure{lead.MailboxUnknownServer, err}
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return failure{lead.MailboxClosedPort, err}
	}
	return failure{lead.MailboxUnreachable, err}
}

func encryptionFailed(ctx context.Context, err error) failure {
	var network net.Error
	if ctx.Err() != nil || errors.As(err, &network) && network.Timeout() {
		return failure{lead.MailboxUnreachable, err}
	}
	return failure{lead.MailboxInsecure, err}
}

// refusal returns the problem if the server said no for good, and otherwise that it cannot be reached now.
func refusal(err error, problem lead.MailboxProblem) failure {
	var said *imap.Error
	if !errors.As(err, &said) {
		return failure{lead.MailboxUnreachable, err}
	}
	switch said.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
		return failure{lead.MailboxUnreachable, err}
	case imap.ResponseCodePrivacyRequired:
		return failure{lead.MailboxInsecure, err}
	}
	return failure{problem, err}
}

func problemOf(err error) lead.MailboxProblem {
	if f, ok := errors.AsType[failure](err); ok {
		return f.problem
	}
	return lead.MailboxOther
}

// withoutWords returns the error without the server's own words, which may hold addresses.
func withoutWords(err error) string {
	var said *imap.Error
	if errors.As(err, &said) {
		return strings.TrimSpace(fmt.Sprintf("the server said %s %s", said.Type, said.Code))
	}
	return err.Error()
}
