package mailtest

import (
	"bytes"
	"io"
	"log"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// The user that signs in to an IMAP server, and the folder.
const (
	IMAPUser     = "studio"
	IMAPPassword = "a-sample-password"
	folder       = "INBOX"
)

// IMAP is an IMAP server on this machine, with one folder in memory.
type IMAP struct {
	Address string // host and port

	user     *imapmemserver.User
	listener *cutting

	mu    sync.Mutex
	mails []arrived
}

type arrived struct {
	raw []byte
	at  time.Time
}

// NewIMAP starts a server until the test ends. Without idle it does not tell of changes by itself.
func NewIMAP(t testing.TB, idle bool) *IMAP {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &IMAP{
		Address: listener.Addr().String(), user: imapmemserver.NewUser(IMAPUser, IMAPPassword),
		listener: &cutting{Listener: listener, open: map[net.Conn]bool{}},
	}
	s.listener.budget.Store(-1)
	users := imapmemserver.New()
	users.AddUser(s.user)
	if err := s.user.Create(folder, nil); err != nil {
		t.Fatal(err)
	}
	capabilities := imap.CapSet{imap.CapIMAP4rev1: {}}
	if idle {
		capabilities[imap.CapIdle] = struct{}{}
	}
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return users.NewSession(), nil, nil
		},
		Caps: capabilities, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	go func() { _ = server.Serve(s.listener) }()
	t.Cleanup(func() { _ = server.Close(); s.Cut() })
	return s
}

// URL returns the address of the folder as the program takes it.
func (s *IMAP) URL() string {
	return "imap://" + IMAPUser + ":" + IMAPPassword + "@" + s.Address + "/" + folder
}

// Add has an email arrive now.
func (s *IMAP) Add(t testing.TB, raw []byte) { s.AddAt(t, raw, time.Now()) }

// AddAt adds an email that arrived at the time.
func (s *IMAP) AddAt(t testing.TB, raw []byte, at time.Time) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, arrived{raw, at})
	s.append(t, raw, at)
}

func (s *IMAP) append(t testing.TB, raw []byte, at time.Time) {
	t.Helper()
	if _, err := s.user.Append(folder, bytes.NewReader(raw), &imap.AppendOptions{Time: at}); err != nil {
		t.Fatal(err)
	}
}

// Renumber gives all emails new numbers (UIDVALIDITY), as after a restore of the server.
func (s *IMAP) Renumber(t testing.TB) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Cut()
	if err := s.user.Delete(folder); err != nil {
		t.Fatal(err)
	}
	if err := s.user.Create(folder, nil); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.mails {
		s.append(t, m.raw, m.at)
	}
}

// Cut breaks all connections.
func (s *IMAP) Cut() { s.listener.cut() }

// CutAfter breaks all connections once the server has sent so many bytes more.
func (s *IMAP) CutAfter(bytes int64) { s.listener.budget.Store(bytes) }

// Refuse has the server close each connection at once, or no longer.
func (s *IMAP) Refuse(yes bool) {
	s.listener.refuse.Store(yes)
	if yes {
		s.Cut()
	}
}

// Untouched reports whether all emails are there and none was marked.
func (s *IMAP) Untouched(t testing.TB) bool {
	t.Helper()
	client, err := imapclient.DialInsecure(s.Address, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Login(IMAPUser, IMAPPassword).Wait(); err != nil {
		t.Fatal(err)
	}
	data, err := client.Select(folder, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if int(data.NumMessages) != len(s.mails) {
		return false
	}
	var all imap.SeqSet
	all.AddRange(1, 0)
	messages, err := client.Fetch(all, &imap.FetchOptions{Flags: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if len(m.Flags) > 0 {
			return false
		}
	}
	return true
}

// cutting is a listener whose connections can break.
type cutting struct {
	net.Listener
	budget atomic.Int64 // bytes until all connections break; negative for never
	refuse atomic.Bool

	mu   sync.Mutex
	open map[net.Conn]bool
}

func (l *cutting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if l.refuse.Load() {
		_ = conn.Close()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[conn] = true
	return &cuttable{conn, l}, nil
}

func (l *cutting) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		_ = conn.Close()
	}
	clear(l.open)
}

// cuttable is a connection that breaks when its listener's budget is used up.
type cuttable struct {
	net.Conn
	listener *cutting
}

func (c *cuttable) Write(b []byte) (int, error) {
	if left := c.listener.budget.Load(); left >= 0 {
		if left < int64(len(b)) {
			c.listener.budget.Store(-1)
			_, _ = c.Conn.Write(b[:left])
			c.listener.cut()
			return 0, net.ErrClosed
		}
		c.listener.budget.Add(-int64(len(b)))
	}
	return c.Conn.Write(b)
}

func (c *cuttable) Close() error {
	c.listener.mu.Lock()
	delete(c.listener.open, c.Conn)
	c.listener.mu.Unlock()
	return c.Conn.Close()
}
