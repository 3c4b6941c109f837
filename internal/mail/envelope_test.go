package mail_test

import (
	"context"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/templates/ui"
)

func withReply(box *mailtest.Mailbox) func(c *mail.Config) {
	return func(c *mail.Config) {
		c.SMTP, c.From, c.Reply = "smtp://"+box.Address, "hello@studio.example", "reply@studio.example"
	}
}

// Mail servers send an email back to the envelope sender.
func TestBouncesComeToTheAddressForAnswers(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	secret, err := db.Secret(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	box := mailtest.New(t)
	run(t, db, withReply(box))
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 })
	for _, letter := range box.Got() {
		want := lead.TeamAddress(secret, "reply@studio.example", 1)
		if letter.To[0] == "prospect@example.org" {
			want = lead.ReplyAddress(secret, "reply@studio.example", 1)
		}
		if letter.From != want {
			t.Errorf("the envelope of the mail to %s is from %s, want %s", letter.To, letter.From, want)
		}
		if from := letter.Header(t).Get("From"); !strings.HasSuffix(from, "<hello@studio.example>") {
			t.Errorf("the mail to %s is from %s", letter.To, from)
		}
		if strings.Contains(letter.Text, "EnvelopeFrom") {
			t.Error("the envelope is in the header")
		}
	}
}

func TestEnvelopeHasTheSenderWithoutAnAddressForAnswers(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	run(t, db, to(box))
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 })
	for _, letter := range box.Got() {
		if letter.From != "tiebreak@guides.example.org" {
			t.Errorf("the envelope of the mail to %s is from %s", letter.To, letter.From)
		}
	}
}

func TestServerThatAcceptsOnlyTheSenderStillGetsTheMail(t *testing.T) {
	t.Parallel()
	db, box := pgtest.New(t), mailtest.New(t)
	box.Only = "hello@studio.example"
	run(t, db, withReply(box))
	send(t, db, "prospect@example.org", "Words of the prospect")
	eventually(t, "both mails are there", func() bool { return len(box.Got()) == 2 && waiting(t, db) == 0 })
	for _, letter := range box.Got() {
		if letter.From != box.Only || len(letter.To) != 1 {
			t.Errorf("the envelope of the mail to %s is from %s", letter.To, letter.From)
		}
	}
	test, err := service(t, db, withReply(box)).SendTest(t.Context(), "ops@example.org")
	if err != nil || test.Problem != "" || !strings.Contains(ui.BounceWords(test), "bounces go to") {
		t.Errorf("%v, %+v", err, test)
	}
	talk := said(test)
	if !strings.Contains(talk, "> MAIL FROM:<hello@studio.example>") || !strings.Contains(talk, "OK: queued") {
		t.Errorf("the conversation is\n%s", talk)
	}
	box.Only = ""
	test, err = service(t, db, withReply(box)).SendTest(t.Context(), "ops@example.org")
	if err != nil || ui.BounceWords(test) != "" || !strings.Contains(said(test), "> MAIL FROM:<reply+") {
		t.Errorf("%v, %+v", err, test)
	}
}

func TestReceiversLookForSPFAtTheEnvelopeSender(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	records := map[string][]string{
		"inbox.example.com.": {"v=spf1 a -all"}, "studio.example.com.": {"v=spf1 mx -all"},
		"other.example.net.": {"v=spf1 ip4:192.0.2.1 -all"}, "_dmarc.studio.example.com.": {"v=DMARC1; p=none"},
	}
	for reply, want := range map[string]struct {
		spf   string
		apart bool
	}{
		"": {"v=spf1 mx -all", false}, "reply@inbox.example.com": {"v=spf1 a -all", false},
		"reply@other.example.net": {"v=spf1 ip4:192.0.2.1 -all", true},
	} {
		test, err := service(t, db, func(c *mail.Config) {
			c.Folder, c.From, c.Reply, c.Resolver = t.TempDir(), "hello@studio.example.com", reply, mailtest.NewDNS(t, records)
		}).SendTest(t.Context(), "ops@example.org")
		if err != nil || test.SPF.Text != want.spf || test.DMARC.Count != 1 || test.Unaligned != want.apart ||
			strings.Contains(ui.SPFWords(test), "only by DKIM") != want.apart {
			t.Errorf("with answers to %q: %v, %+v", reply, err, test)
		}
	}
}
