package mailbox_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"sync/atomic"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// Every mailbox that we write to answers at once: the first prospect's program says what it is, the second's does not.
func TestAutomaticAnswersStartNoLoop(t *testing.T) {
	t.Parallel()
	s, box := open(t, 0), mailtest.New(t)
	var answers atomic.Int64
	box.Taken = func(l mailtest.Letter) {
		back := l.Header(t).Get("Reply-To")
		if back == "" {
			back = l.Header(t).Get("From")
		}
		head := "Auto-Submitted: auto-replied\n"
		if l.To[0] != "polite@example.org" {
			head = ""
		}
		s.imap.Add(t, fmt.Appendf(nil, "From: %s\nTo: %s\nMessage-ID: <%d@example.org>\n%s\nI am away.\n", l.To[0], back,
			answers.Add(1), head))
	}
	s.addLead("polite@example.org")
	s.addLead("rude@example.org")
	ctx, stop := context.WithCancel(context.Background())
	service, err := mail.New(ctx, mail.Config{
		DB: s.db, BaseURL: &url.URL{Scheme: "https", Host: "guides.example.org"}, SMTP: "smtp://" + box.Address,
		From: "tiebreak@studio.example", Reply: "reply@studio.example", Staff: []string{"staff@example.org"},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { service.Run(ctx); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	s.watch()

	// Two confirmations and two notices of new leads go out, then one notice of what the second prospect seems to write, and
	// one for each lead of what the team seems to write.
	quiet := func() bool {
		q, err := s.db.Queue(ctx)
		return err == nil && q.Waiting == 0 && len(box.Got()) == 7 && int(answers.Load()) == 7
	}
	s.eventually("all mails are out", quiet)
	s.settled(7)
	pgtest.Eventually(t, timeout, "still nothing more is sent", quiet)
	for _, m := range s.kept() {
		if m.Lead == 1 || m.Lead == 2 && m.Address != "rude@example.org" {
			t.Errorf("lead %d has a message from %s", m.Lead, m.Address)
		}
	}
	told := 0
	for _, d := range pgtest.Mails(s.t, s.db, "TB-0001") {
		if d.Kind == lead.NoteMail {
			told++
		}
	}
	if told != 1 { // of what the team seems to write
		t.Errorf("staff are told %d times of answers about a lead whose prospect's program says what it is", told)
	}
}
