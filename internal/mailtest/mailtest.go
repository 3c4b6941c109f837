// Package mailtest provides a real SMTP server that can misbehave. Only tests import it.
package mailtest

import (
	"cmp"
	"crypto/tls"
	"io"
	"log"
	"mime"
	"net"
	"net/http/httptest"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"

	"github.com/emersion/go-smtp"
)

// Mailbox is an SMTP server on this machine, and what it got.
type Mailbox struct {
	Address string       // host and port
	Taken   func(Letter) // called, if set, just before the server says that it has the letter
	Only    string       // if set, the only sender of an envelope that it accepts from us; it tells so at RCPT, as Postfix does

	signIn []string // mechanisms that it offers for signing in (RFC 4954)

	conversations, encrypted, signedIn atomic.Int64

	mu       sync.Mutex
	behave   Behaviour
	to       map[string]Behaviour // towards single recipients
	released chan struct{}        // closed when a server that hangs comes back
	letters  []Letter
	dropped  []Letter
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

// refusals are the server's answers for behaviours that refuse something.
var refusals = map[Behaviour]*smtp.SMTPError{
	Says451:        {Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"},
	Says550:        {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"},
	SaysFull:       {Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "Mailbox full"},
	RefusesSender:  {Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Sender address rejected: not allowed"},
	LimitsSender:   {Code: 550, EnhancedCode: smtp.EnhancedCode{5, 4, 5}, Message: "Daily sending limit exceeded"},
	WantsSignIn:    {Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"},
	RefusesUs:      {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 3, 2}, Message: "No service here"},
	RefusesMessage: {Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Looks like spam"},
}

// Letter is a message as the server got it.
type Letter struct {
	From string   // the sender of the envelope, to whom it would be sent back
	To   []string // the recipients of the envelope
	Text string   // header and body
}

// Header returns the header of the message.
func (r Letter) Header(t testing.TB) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(r.Text))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

// Subject returns the decoded subject.
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

// NewAt starts a server at the address, as if it had been away.
func NewAt(t testing.TB, address string) *Mailbox { return start(t, address, nil) }

// Nobody returns an address at which no server listens.
func Nobody(t testing.TB) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// NewEncrypted starts a server that offers STARTTLS, with a certificate that no authority signed.
func NewEncrypted(t testing.TB) *Mailbox {
	own := httptest.NewUnstartedServer(nil)
	own.StartTLS()
	t.Cleanup(own.Close)
	return start(t, "127.0.0.1:0", &tls.Config{Certificates: own.TLS.Certificates})
}

// NewWithSignIn starts a server that accepts User and Password without encryption, by the SASL mechanisms.
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

// Set changes what the server does, and releases the clients that wait for a server that hangs.
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

// now returns what the server does, and what is closed when it stops hanging.
func (b *Mailbox) now() (Behaviour, chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.behave, b.released
}

func (b *Mailbox) toward(recipient string) Behaviour {
	b.mu.Lock()
	defer b.mu.Unlock()
	return cmp.Or(b.to[recipient], b.behave)
}

// Got returns everything that the server took, in that order.
func (b *Mailbox) Got() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.letters)
}

// Dropped returns what the server got before it closed the connection without an answer.
func (b *Mailbox) Dropped() []Letter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.dropped)
}

// Conversations counts the conversations that began.
func (b *Mailbox) Conversations() int { return int(b.conversations.Load()) }

// Encrypted counts the messages that came over TLS.
func (b *Mailbox) Encrypted() int { return int(b.encrypted.Load()) }

// SignedIn counts the conversations in which a client signed in.
func (b *Mailbox) SignedIn() int { return int(b.signedIn.Load()) }

// NewSession begins a conversation.
func (b *Mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	b.conversations.Add(1)
	if behave, _ := b.now(); behave == RefusesUs {
		return nil, refusals[RefusesUs]
	}
	return &conversation{box: b, conn: c}, nil
}

type conversation struct {
	box  *Mailbox
	conn *smtp.Conn
	from string
	to   []string
}

func (c *conversation) Reset()        { c.from, c.to = "", nil }
func (c *conversation) Logout() error { return nil }

func (c *conversation) Mail(from string, _ *smtp.MailOptions) error {
	c.from = from
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
	if c.box.Only != "" && c.from != c.box.Only {
		return refusals[RefusesSender]
	}
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
	letter := Letter{c.from, c.to, string(text)}
	switch behave, _ := c.box.now(); behave {
	case DropsAfter:
		c.box.add(&c.box.dropped, letter)
		return c.conn.Close()
	case RefusesMessage:
		return refusals[behave]
	}
	if _, encrypted := c.conn.TLSConnectionState(); encrypted {
		c.box.encrypted.Add(1)
	}
	c.box.add(&c.box.letters, letter)
	if c.box.Taken != nil {
		c.box.Taken(letter)
	}
	return nil
}

func (b *Mailbox) add(letters *[]Letter, one Letter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*letters = append(*letters, one)
}
