package delivery_test

import (
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailbox is a real SMTP server on this machine that can misbehave.
type mailbox struct {
	t       *testing.T
	address string

	mu       sync.Mutex
	behave   behaviour
	released chan struct{} // closed when a server that hangs comes back
	letters  []received
	seen     int // conversations begun
}

// behaviour is what the server does with a message.
type behaviour string

const (
	takes      behaviour = "takes it"
	hangs      behaviour = "hangs"
	says451    behaviour = "says 451"
	says550    behaviour = "says 550"
	dropsAfter behaviour = "drops after DATA"
)

// received is a message as the server got it.
type received struct {
	to   []string
	text string
}

func (r received) header(t *testing.T) mail.Header {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(r.text))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header
}

func (r received) subject(t *testing.T) string {
	t.Helper()
	words, err := new(mime.WordDecoder).DecodeHeader(r.header(t).Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	b := &mailbox{t: t, behave: takes, released: make(chan struct{})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.address = listener.Addr().String()
	b.serve(listener)
	return b
}

func (b *mailbox) serve(listener net.Listener) {
	server := smtp.NewServer(b)
	server.Domain = "localhost"
	go func() { _ = server.Serve(listener) }()
	b.t.Cleanup(func() { _ = server.Close() })
}

// set changes what the server does; those who hang are let go.
func (b *mailbox) set(behave behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.behave = behave
	if behave != hangs {
		close(b.released)
		b.released = make(chan struct{})
	}
}

func (b *mailbox) now() (behaviour, chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.behave, b.released
}

func (b *mailbox) got() []received {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]received(nil), b.letters...)
}

func (b *mailbox) conversations() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen
}

// NewSession begins a conversation.
func (b *mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen++
	return &conversation{box: b, conn: c}, nil
}

type conversation struct {
	box  *mailbox
	conn *smtp.Conn
	to   []string
}

func (c *conversation) Reset()        { c.to = nil }
func (c *conversation) Logout() error { return nil }

func (c *conversation) Mail(string, *smtp.MailOptions) error {
	switch behave, released := c.box.now(); behave {
	case hangs:
		<-released
		return c.conn.Close()
	case says451:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Try again later"}
	}
	return nil
}

func (c *conversation) Rcpt(to string, _ *smtp.RcptOptions) error {
	if behave, _ := c.box.now(); behave == says550 {
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
	if behave, _ := c.box.now(); behave == dropsAfter {
		return c.conn.Close()
	}
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	c.box.letters = append(c.box.letters, received{c.to, string(text)})
	return nil
}
