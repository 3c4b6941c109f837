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
	"unicode"

	"github.com/emersion/go-smtp"
)

// Mailbox is an SMTP server on this machine, and what it got.
type Mailbox struct {
	Address string       // host and port
	Taken   func(Letter) // called, if set, just before the server says that it has the letter

	signIn []string // mechanisms that it offers for signing in (RFC 4954)

	mu       sync.Mutex
	behave   Behaviour
	to       map[string]Behaviour // of single recipients
	released chan struct{}        // closed when a server that hangs comes back
	letters  []Letter
	dropped  []Letter
	seen     int // conversations begun
	tls      int // of them, encrypted when a message came
	signedIn int // of them, after somebody signed in
}

// Behaviour is what the server does with a message. To a recipient that is not in ASCII it says 553: it has no SMTPUTF8.
type Behaviour string

const (
	Takes          Behaviour = "takes it"
	Hangs          Behaviour = "hangs"
	Says451        Behaviour = "says 451"
	Says550        Behaviour = "says 550" // to RCPT: no such user
	SaysFull       Behaviour = "says 552" // to RCPT: the mailbox is full
	RefusesSender  Behaviour = "says 553 to MAIL"
	RefusesMessage Behaviour = "says 554 to DATA"
	LimitsSender   Behaviour = "says 550 5.4.5 to MAIL"
	WantsSignIn    Behaviour = "says 530 to MAIL"
	RefusesUs      Behaviour = "says 554 to EHLO"
	DropsAfter     Behaviour = "drops after DATA"
)

// refusals are the server's words for behaviours that are one.
var refusals = map[Behaviour]*smtp.SMTPError{
	Says451:        {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"},
	Says550:        {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"},
	SaysFull:       {Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "Mailbox full"},
	RefusesSender:  {Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender not allowed"},
	LimitsSender:   {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 4, 5}, Message: "Daily sending limit exceeded"},
	WantsSignIn:    {Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"},
	RefusesUs:      {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 3, 2}, Message: "No service here"},
	RefusesMessage: {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Looks like spam"},
}

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

// NewWithSignIn starts one that lets User and Password in without encryption, by the SASL mechanisms.
func NewWithSignIn(t testing.TB, mechanisms ...string) *Mailbox {
	return start(t, "127.0.0.1:0", nil, mechanisms...)
}

func start(t testing.TB, address string, encryption *tls.Config, signIn ...string) *Mailbox {
	t.Helper()
	b := &Mailbox{signIn: signIn, behave: Takes, to: map[string]Behaviour{}, released: make(chan struct{})}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	b.Address = listener.Addr().String()
	server := smtp.NewServer(b)
	server.Domain, server.TLSConfig = "localhost", encryption
	server.AllowInsecureAuth = len(signIn) > 0
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

// SetTo changes what the server says to RCPT of one recipient.
func (b *Mailbox) SetTo(recipient string, behave Behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to[recipient] = behave
}

func (b *Mailbox) toward(recipient string) Behaviour {
	b.mu.Lock()
	defer b.mu.Unlock()
	if behave, own := b.to[recipient]; own {
		return behave
	}
	return b.behave
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

// Dropped is what it got and broke off after, without an answer.
func (b *Mailbox) Dropped() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Letter(nil), b.dropped...)
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

// SignedIn counts the conversations in which somebody signed in.
func (b *Mailbox) SignedIn() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.signedIn
}

// NewSession begins a conversation.
func (b *Mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen++
	if b.behave == RefusesUs {
		return nil, refusals[RefusesUs]
	}
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
	case Says451, RefusesSender, LimitsSender, WantsSignIn:
		return refusals[behave]
	}
	return nil
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch behave := c.box.toward(to); {
	case strings.ContainsFunc(to, func(r rune) bool { return r > unicode.MaxASCII }):
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 6, 7}, Message: "Non-ASCII address"}
	case behave == Says451, behave == Says550, behave == SaysFull:
		refusal := *refusals[behave]
		refusal.Message += " " + to
		return &refusal
	}
	c.to = append(c.to, to)
	return nil
}

func (c *conversation) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	letter := Letter{c.to, string(text)}
	switch behave, _ := c.box.now(); behave {
	case DropsAfter:
		c.box.mu.Lock()
		c.box.dropped = append(c.box.dropped, letter)
		c.box.mu.Unlock()
		return c.conn.Close()
	case RefusesMessage:
		return refusals[behave]
	}
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
