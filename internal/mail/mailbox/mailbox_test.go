package mailbox_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail/inbound"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// studio is a site's database with a mailbox.
type studio struct {
	t      *testing.T
	url    string
	db     *postgres.DB
	secret []byte
	imap   *mailtest.IMAP
	log    *pgtest.Log

	mu   sync.Mutex
	took map[mailbox.Outcome]int
}

// open makes a database with leads, and a mailbox.
func open(t *testing.T, leads int) *studio {
	t.Helper()
	s := &studio{
		t: t, url: pgtest.NewURL(t), imap: mailtest.NewIMAP(t, true), log: &pgtest.Log{}, took: map[mailbox.Outcome]int{},
	}
	s.db = pgtest.Open(t, s.url)
	var err error
	if s.secret, err = s.db.Secret(context.Background()); err != nil {
		t.Fatal(err)
	}
	for i := range leads {
		s.addLead(fmt.Sprintf("prospect%d@example.org", i+1))
	}
	return s
}

func (s *studio) addLead(address string) {
	s.t.Helper()
	f := lead.Form{Name: "Sample Person", Email: address, Project: "A project of " + address, Agreed: true, Key: lead.NewKey()}
	_, err := s.db.ReceiveLead(context.Background(), lead.Submission{
		Key: f.KeyDigest(s.secret), Body: f.BodyDigest(s.secret), Address: f.AddressDigest(s.secret),
		Contents: f.Contents(), Choices: lead.Choices{Option: lead.Undecided},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// watch starts a watcher until the test ends or stop is called.
func (s *studio) watch() (stop func()) {
	s.t.Helper()
	return s.watchAt(s.imap.URL())
}

func (s *studio) watchAt(address string) (stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w, err := mailbox.New(ctx, mailbox.Config{
		DB: s.db, URL: address, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		Took: func(what mailbox.Outcome) { s.mu.Lock(); s.took[what]++; s.mu.Unlock() },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	w.RetryAfter(20 * time.Millisecond)
	done := make(chan struct{})
	go func() { w.Run(ctx); close(done) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	s.t.Cleanup(stop)
	return stop
}

// token returns the token of the lead with the number.
func (s *studio) token(number int64) string { return lead.MailToken(s.secret, number) }

// file returns an email of testdata, with the tokens of the leads in it.
func (s *studio) file(name string, leads ...int64) []byte {
	s.t.Helper()
	raw, err := os.ReadFile(filepath.Join("../inbound/testdata/mails", name+".eml"))
	if err != nil {
		s.t.Fatal(err)
	}
	first, second := leads[0], leads[len(leads)-1]
	for from, to := range map[string]string{
		"TOKEN2@": s.token(second) + "@", "TOKEN@": s.token(first) + "@",
		"TOKEN-UPPER@": strings.ToUpper(s.token(first)) + "@", "sample-site": inbound.SiteMark(s.secret),
	} {
		raw = bytes.ReplaceAll(raw, []byte(from), []byte(to))
	}
	return raw
}

// kept is an email as it was stored; Lead is 0 in the inbox.
type kept struct {
	Lead                              int64
	MessageID, Text, Subject, Address string
	Parts                             []lead.Part
}

// kept returns all emails that were stored, in the order in which they were taken.
func (s *studio) kept() []kept {
	s.t.Helper()
	rows, _ := s.db.Conns().Query(context.Background(), `
		SELECT coalesce(lead_id, 0) AS lead, message_id, text, subject, sender_address AS address, parts
		FROM messages WHERE kind = 'mail' ORDER BY id`)
	mails, err := pgx.CollectRows(rows, pgx.RowToStructByName[kept])
	if err != nil {
		s.t.Fatal(err)
	}
	return mails
}

// outcomes returns how often an email became what is named.
func (s *studio) outcomes(what ...mailbox.Outcome) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range what {
		n += s.took[one]
	}
	return n
}

// timeout bounds what a test waits for.
const timeout = 60 * time.Second

func (s *studio) eventually(what string, holds func() bool) {
	s.t.Helper()
	pgtest.Eventually(s.t, timeout, what, holds)
}

// settled waits until so many emails were taken or passed over.
func (s *studio) settled(n int) {
	s.t.Helper()
	s.eventually(fmt.Sprintf("%d emails are dealt with", n), func() bool { return s.outcomes(mailbox.Outcomes...) >= n })
}

// mail returns a short email for the lead with the number.
func (s *studio) mail(id string, number int64, more string) []byte {
	return fmt.Appendf(nil, "From: Ada Sample <ada@example.org>\nTo: reply+%s@studio.example\nSubject: Sample\n"+
		"Message-ID: <%s@example.org>\n%s\nThe words of %s.\n", s.token(number), id, more, id)
}
