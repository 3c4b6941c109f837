package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

// TestMailboxIsReadOnceThroughCutsAndKills has emails of all kinds arrive, 40 or TIEBREAK_IMAP_MAILS, while two instances run,
// one after the other is killed and connections break: each email is then on its lead or in the inbox once, or nowhere if it is
// for nobody. The mailbox is in memory, or that of TIEBREAK_IMAP_SERVER.
func TestMailboxIsReadOnceThroughCutsAndKills(t *testing.T) {
	t.Parallel()
	random, mails := pgtest.Random(t), pgtest.Rounds(t, "TIEBREAK_IMAP_MAILS", 40)
	cuts, kills := mails/10, max(2, mails/50)
	database := pgtest.Start(t, dataFolder(t))
	db, err := postgres.Open(t.Context(), database.URL())
	must(t, err)
	defer db.Close()
	must(t, db.Migrate(t.Context(), slog.New(slog.DiscardHandler)))
	box := newRigMailbox(t)
	setting := []string{"DATABASE_URL=" + database.URL(), "TIEBREAK_STARTER=none", "TIEBREAK_IMAP_URL=" + box.throughProxy}
	servers := []*server{serveOn(t, dataFolder(t), setting...), serveOn(t, dataFolder(t), setting...)}
	const leads = 20
	oracle := newMailOracle(t, db, leads)

	began := time.Now()
	for i := range mails {
		raw := oracle.next(t, random, i)
		box.deliver(t, raw)
		if i%10 == 9 {
			box.deliver(t, raw) // some servers deliver twice
		}
		if i%(mails/cuts) == 0 {
			pgtest.Eventually(t, time.Minute, "the last cut is over", box.proxy.whole)
			box.proxy.cutAfter(random.IntN(5000))
		}
		if i%(mails/kills) == mails/kills-1 {
			which := random.IntN(2)
			servers[which].kill()
			servers[which] = serveOn(t, dataFolder(t), setting...)
		}
	}
	pgtest.Eventually(t, 5*time.Minute, "all emails are taken", func() bool { return oracle.lacks(t) == 0 })
	taken := time.Since(began)
	// One more email ends the row: what comes before it was dealt with.
	box.deliver(t, oracle.last())
	pgtest.Eventually(t, time.Minute, "the last email is taken", func() bool { return oracle.lacks(t) == 0 })
	oracle.check(t)
	t.Logf("%d emails of %d kinds, %d cuts and %d kills: all taken once within %v", mails, len(oracle.files), box.proxy.done(),
		kills, taken.Round(time.Millisecond))
}

// rigMailbox is a mailbox with a proxy before it whose connections break.
type rigMailbox struct {
	proxy        *cuttingProxy
	throughProxy string // the setting
	client       *imapclient.Client
}

func newRigMailbox(t *testing.T) *rigMailbox {
	t.Helper()
	address := os.Getenv("TIEBREAK_IMAP_SERVER")
	if address == "" {
		address = mailtest.NewIMAP(t, true).URL()
	}
	u, err := url.Parse(address)
	must(t, err)
	b := &rigMailbox{proxy: newCuttingProxy(t, u.Host)}
	b.client, err = imapclient.DialInsecure(u.Host, nil)
	must(t, err)
	t.Cleanup(func() { _ = b.client.Close() })
	password, _ := u.User.Password()
	must(t, b.client.Login(u.User.Username(), password).Wait())
	u.Host = b.proxy.listener.Addr().String()
	b.throughProxy = u.String()
	return b
}

// deliver adds an email to the mailbox.
func (b *rigMailbox) deliver(t *testing.T, raw []byte) {
	t.Helper()
	command := b.client.Append("INBOX", int64(len(raw)), nil)
	_, err := command.Write(raw)
	must(t, err)
	must(t, command.Close())
	_, err = command.Wait()
	must(t, err)
}

// mailOracle knows where each email has to be.
type mailOracle struct {
	db     *postgres.DB
	secret []byte
	files  []string
	leads  int
	want   map[placedMail]int
}

type placedMail struct {
	Lead               int64 // 0 for the inbox
	MessageID, Subject string
}

func newMailOracle(t *testing.T, db *postgres.DB, leads int) *mailOracle {
	t.Helper()
	files, err := filepath.Glob("../../internal/mail/inbound/testdata/mails/*.eml")
	must(t, err)
	if os.Getenv("TIEBREAK_IMAP_SERVER") == "" { // the one in memory sends nothing of an email whose header it cannot read
		files = slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, "absurd-header.eml") })
	}
	o := &mailOracle{db: db, files: files, leads: leads, want: map[placedMail]int{}}
	o.secret, err = db.Secret(t.Context())
	must(t, err)
	for i := range leads {
		f := lead.Form{
			Name: "Sample", Email: fmt.Sprintf("p%d@example.org", i), Project: fmt.Sprint("Sample ", i), Agreed: true,
			Key: lead.NewKey(),
		}
		_, err := db.ReceiveLead(t.Context(), lead.Submission{
			Key: f.KeyDigest(o.secret), Body: f.BodyDigest(o.secret), Address: f.AddressDigest(o.secret), Contents: f.Contents(),
			Choices: lead.Choices{Option: lead.Undecided},
		})
		must(t, err)
	}
	return o
}

var messageIDField = regexp.MustCompile(`(?m)^Message-ID: <`)

// next returns the email with the number: of one kind after the other, for random leads, with a Message-ID of its own.
func (o *mailOracle) next(t *testing.T, random *rand.Rand, number int) []byte {
	t.Helper()
	file := o.files[number%len(o.files)]
	raw, err := os.ReadFile(file)
	must(t, err)
	first := 1 + random.Int64N(int64(o.leads))
	second := first%int64(o.leads) + 1
	token := func(id int64) string { return lead.MailToken(o.secret, id) }
	for _, replace := range [][2]string{
		{"TOKEN2@", token(second) + "@"},
		{"TOKEN@", token(first) + "@"},
		{"TOKEN-UPPER@", strings.ToUpper(token(first)) + "@"},
		{"sample-site", inbound.SiteMark(o.secret)},
	} {
		raw = bytes.ReplaceAll(raw, []byte(replace[0]), []byte(replace[1]))
	}
	raw = messageIDField.ReplaceAll(raw, fmt.Appendf(nil, "X-Number: %d\nMessage-ID: <%d-", number, number))
	if name := filepath.Base(file); name == "no-message-id.eml" {
		raw = append(raw, fmt.Sprintln("Number", number)...)
	}
	o.expect(filepath.Base(file), raw, first, second)
	return raw
}

// last returns an email for the first lead.
func (o *mailOracle) last() []byte {
	raw := fmt.Appendf(nil, "From: ada@example.org\nTo: reply+%s@studio.example\nMessage-ID: <last@example.org>\n\nThe last.\n",
		lead.MailToken(o.secret, 1))
	o.expect("last.eml", raw, 1, 1)
	return raw
}

func (o *mailOracle) expect(name string, raw []byte, first, second int64) {
	m := inbound.Read(raw, inbound.SiteMark(o.secret))
	at := []int64{first}
	switch {
	case name == "no-token.eml", name == "wrong-token.eml":
		at = []int64{0}
	case name == "two-leads-in-one-mail.eml":
		at = []int64{first, second}
	case m.Kind != inbound.Personal:
		at = nil
	}
	for _, id := range at {
		o.want[placedMail{id, m.MessageID, m.Subject}]++
	}
}

// stored returns how often each email is there.
func (o *mailOracle) stored(t *testing.T) map[placedMail]int {
	t.Helper()
	rows, _ := o.db.Conns().Query(context.Background(),
		`SELECT coalesce(lead_id, 0) AS lead, message_id, subject FROM messages WHERE kind = 'mail'`)
	mails, err := pgx.CollectRows(rows, pgx.RowToStructByName[placedMail])
	must(t, err)
	stored := map[placedMail]int{}
	for _, m := range mails {
		stored[m]++
	}
	return stored
}

// lacks returns how many emails are not there yet.
func (o *mailOracle) lacks(t *testing.T) (n int) {
	t.Helper()
	stored := o.stored(t)
	for m, want := range o.want {
		n += max(0, want-stored[m])
	}
	return n
}

// check fails for each email that is there too often or in a place where it does not belong.
func (o *mailOracle) check(t *testing.T) {
	t.Helper()
	for m, n := range o.stored(t) {
		if o.want[m] != n {
			t.Errorf("lead %d has %d times %s (%s), want %d", m.Lead, n, m.MessageID, m.Subject, o.want[m])
		}
	}
}

// cuttingProxy passes connections on, and breaks all of them when its budget is used up.
type cuttingProxy struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	open   map[net.Conn]bool
	budget int // bytes until the next cut; negative for none
	cuts   int
}

func newCuttingProxy(t *testing.T, target string) *cuttingProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &cuttingProxy{listener: listener, target: target, open: map[net.Conn]bool{}, budget: -1}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.pass(conn)
		}
	}()
	return p
}

func (p *cuttingProxy) pass(conn net.Conn) {
	defer conn.Close()
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		return
	}
	defer server.Close()
	p.mu.Lock()
	p.open[conn] = true
	p.mu.Unlock()
	go func() { _, _ = io.Copy(server, conn); _ = server.Close() }()
	buffer := make([]byte, 1000)
	for {
		n, err := server.Read(buffer)
		if n = p.spend(n); n > 0 {
			_, _ = conn.Write(buffer[:n])
		}
		if err != nil || n == 0 {
			return
		}
	}
}

// spend returns how many of the bytes may still pass.
func (p *cuttingProxy) spend(n int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < 0 {
		return n
	}
	passes := min(n, p.budget)
	if p.budget -= n; p.budget < 0 {
		p.cuts++
		for conn := range p.open {
			_ = conn.Close()
		}
		clear(p.open)
	}
	return passes
}

// cutAfter has all connections break after so many bytes more, unless a cut is due already.
func (p *cuttingProxy) cutAfter(bytes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.budget < 0 {
		p.budget = bytes
	}
}

// whole reports whether no cut is due.
func (p *cuttingProxy) whole() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.budget < 0
}

func (p *cuttingProxy) done() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}
