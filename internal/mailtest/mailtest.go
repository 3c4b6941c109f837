// Package mailtest is a real SMTP server for tests that can misbehave. Only tests import it.
package mailtest

import (
	"crypto/tls"
	"io"
	"log"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// Mailbox is an SMTP server on this machine, and what it got.
type Mailbox struct {
	Address string       // host and port
	Taken   func(Letter) // called, if set, just before the server says that it has the letter

	mu       sync.Mutex
	behave   Behaviour
	released chan struct{} // closed when a server that hangs comes back
	letters  []Letter
	seen     int // conversations begun
	tls      int // of them, encrypted when a message came
}

// Behaviour is what the server does with a message.
type Behaviour string

const (
	Takes      Behaviour = "takes it"
	Hangs      Behaviour = "hangs"
	Says451    Behaviour = "says 451"
	Says550    Behaviour = "says 550"
	DropsAfter Behaviour = "drops after DATA"
)

// Letter is a message as the server got it.
type Letter struct {
	To   []string // the recipients of the envelope
	Text string   // header and body
}

// Header is the message's own.
func (r Letter) Header(t testing.TB) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(r.Text))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

// Subject is the decoded one.
func (r Letter) Subject(t testing.TB) string {
	t.Helper()
	words, err := new(mime.WordDecoder).DecodeHeader(r.Header(t).Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// New starts a server that takes everything, until the test ends.
func New(t testing.TB) *Mailbox { return start(t, "127.0.0.1:0", nil) }

// NewAt starts one at the address: one that was not there a moment ago.
func NewAt(t testing.TB, address string) *Mailbox { return start(t, address, nil) }

// Nobody is an address at which no server listens.
func Nobody(t testing.TB) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// NewEncrypted starts one that offers STARTTLS, under a certificate that nobody vouches for.
func NewEncrypted(t testing.TB) *Mailbox {
	own := httptest.NewUnstartedServer(nil)
	own.StartTLS()
	t.Cleanup(own.Close)
	return start(t, "127.0.0.1:0", &tls.Config{Certificates: own.TLS.Certificates})
}

func start(t testing.TB, address string, encryption *tls.Config) *Mailbox {
	t.Helper()
	b := &Mailbox{behave: Takes, released: make(chan struct{})}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	b.Address = listener.Addr().String()
	server := smtp.NewServer(b)
	server.Domain, server.TLSConfig = "localhost", encryption
	server.ErrorLog = log.New(io.Discard, "", 0) // clients that die are what tests are about
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return b
}

// Set changes what the server does; those who hang are let go.
func (b *Mailbox) Set(behave Behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.behave = behave
	if behave != Hangs {
		close(b.released)
		b.released = make(chan struct{})
	}
}

func (b *Mailbox) now() (Behaviour, chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.behave, b.released
}

// Got is everything that the server took, in that order.
func (b *Mailbox) Got() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Letter(nil), b.letters...)
}

// Conversations counts those that began.
func (b *Mailbox) Conversations() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen
}

// Encrypted counts the messages that came over TLS.
func (b *Mailbox) Encrypted() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tls
}

// NewSession begins a conversation.
func (b *Mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen++
	return &conversation{box: b, conn: c}, nil
}

type conversation struct {
	box  *Mailbox
	conn *smtp.Conn
	to   []string
}

func (c *conversation) Reset()        { c.to = nil }
func (c *conversation) Logout() error { return nil }

func (c *conversation) Mail(string, *smtp.MailOptions) error {
	switch behave, released := c.box.now(); behave {
	case Hangs:
		<-released
		return c.conn.Close()
	case Says451:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	}
	return nil
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	if behave, _ := c.box.now(); behave == Says550 {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user " + to}
	}
	c.to = append(c.to, to)
	return nil
}

func (c *conversation) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if behave, _ := c.box.now(); behave == DropsAfter {
		return c.conn.Close()
	}
	letter := Letter{c.to, string(text)}
	c.box.mu.Lock()
	if _, encrypted := c.conn.TLSConnectionState(); encrypted {
		c.box.tls++
	}
	c.box.letters = append(c.box.letters, letter)
	c.box.mu.Unlock()
	if c.box.Taken != nil {
		c.box.Taken(letter)
	}
	return nil
}
