package doctor_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
)

// withServers returns what the doctor finds with the mail server and the mailbox at the addresses.
func withServers(t *testing.T, smtp, imap string) findings {
	t.Helper()
	return checked(t, doctor.Config{
		BaseURL: nowhere(t), DB: pgtest.New(t),
		MailServer: func(ctx context.Context) mailcheck.Server { return mail.TrySignIn(ctx, smtp) },
		Mailbox:    func(ctx context.Context) lead.MailboxProblem { return mailbox.TrySignIn(ctx, imap).Problem },
	})
}

func TestMailServerIsTriedWithoutSendingAnything(t *testing.T) {
	t.Parallel()
	signIn := mailtest.User + ":" + strings.ReplaceAll(mailtest.Password, " ", "%20")
	for name, c := range map[string]struct {
		box    *mailtest.Mailbox
		behave mailtest.Behaviour
		user   string
		level  health.Level
		words  string
	}{
		"takes it": {
			mailtest.New(t), mailtest.Takes, "", health.OK, "accepts",
		},
		"refuses us": {
			mailtest.New(t), mailtest.RefusesUs, "", health.Problem, "refuses our connection or sign-in (code 554).",
		},
		"right password": {
			mailtest.NewWithSignIn(t, "PLAIN"), mailtest.Takes, signIn + "@", health.OK, "accepts",
		},
		"wrong password": {
			mailtest.NewWithSignIn(t, "PLAIN"), mailtest.Takes, mailtest.User + ":wr0ng@", health.Problem,
			"does not accept the user or the password (code 535).",
		},
		"no way to sign in": {
			mailtest.New(t), mailtest.Takes, signIn + "@", health.Problem, "sign in",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.box.Set(c.behave)
			f := withServers(t, "smtp://"+c.user+c.box.Address, "imap://user:pw@"+mailtest.Nobody(t)+"/INBOX")
			f.want("mail-server", c.level, c.words)
			f.want("mailbox", health.Problem, "connection refused")
			if got := c.box.Got(); len(got) > 0 {
				t.Errorf("%d emails were sent", len(got))
			}
			f.wantNowhere("wr0ng")
		})
	}
}

func TestMailServerThatCannotBeUsedIsNamedWithTheCause(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it is connected to, and says nothing
	must(t, err)
	t.Cleanup(func() { silent.Close() })
	for name, c := range map[string]struct {
		address, cause, advice string
	}{
		"no such name":  {"smtp://nowhere.invalid:587", "name is not found in DNS.", "Correct the name in TIEBREAK_SMTP_URL"},
		"no such port":  {"smtp://" + mailtest.Nobody(t), "nothing listens at", "Check the port in TIEBREAK_SMTP_URL"},
		"no answer":     {"smtp://" + silent.Addr().String(), "did not answer within 10 seconds.", "Port 465 needs smtps://"},
		"no encryption": {"smtps://" + mailtest.New(t).Address, "no secure encryption.", "smtps:// has 465"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server, _ := strings.Cut(c.address, "//")
			f := checked(t, doctor.Config{
				BaseURL: nowhere(t), DBError: errors.New("no such server"),
				MailServer: func(ctx context.Context) mailcheck.Server { return mail.TrySignIn(ctx, c.address) },
			})
			f.want("mail-server", health.Problem, "The mail server "+server+" cannot be used: ", c.cause, c.advice)
		})
	}
}

// wantNowhere checks that no finding holds the word.
func (f findings) wantNowhere(word string) {
	f.Helper()
	for _, one := range f.all {
		if strings.Contains(one.What+one.Advice, word) {
			f.Errorf("%s says %q: %s %s", one.Check, word, one.What, one.Advice)
		}
	}
}

func TestMailboxIsOpenedAndLeftAsItIs(t *testing.T) {
	t.Parallel()
	box := mailtest.NewIMAP(t, true)
	box.Add(t, []byte("From: a@example.org\r\nSubject: A sample\r\n\r\nText\r\n"))
	smtp := "smtp://" + mailtest.New(t).Address
	withServers(t, smtp, box.URL()).want("mailbox", health.OK)
	if !box.Untouched(t) {
		t.Error("the mailbox was touched")
	}
	f := withServers(t, smtp, strings.Replace(box.URL(), mailtest.IMAPPassword, "wr0ng", 1))
	f.want("mailbox", health.Problem, "refuses the user or the password")
	f.wantNowhere("wr0ng")
	withServers(t, smtp, box.URL()+"x").want("mailbox", health.Problem, "does not have this folder")
}

func TestEmailsThatAreNotSentAreFound(t *testing.T) {
	t.Parallel()
	address := pgtest.NewURL(t)
	must(t, pgtest.Exec(t, address, `
		SET session_replication_role = replica; -- the lead need not be there
		INSERT INTO deliveries (lead_id, kind, state, made_at, ended_at, problem) VALUES
			(1, 'new', 'waiting', now() - interval '3 hours', NULL, ''), (1, 'new', 'failed', now(), now(), 'refused-address'),
			(1, 'new', 'on-hold', now(), NULL, '')`))
	f := on(t, address)
	f.want("email-waiting", health.Problem, "1 email is waiting, the oldest for 3 h")
	f.want("email-failed", health.Warning, "One email could not be delivered")
	f.want("email-on-hold", health.Problem, "1 email is on hold", "Outgoing email")
}

func TestStaffAreToldOfEmailsThatStayAndNotOfGreylisting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		queue           lead.Queue
		waiting, failed health.Level
	}{
		"nothing":                {lead.Queue{}, health.OK, health.OK},
		"just made":              {lead.Queue{Waiting: 1, Oldest: time.Minute, Stalled: time.Minute}, health.OK, health.OK},
		"server that says later": {lead.Queue{Waiting: 1, Failing: 1, Oldest: 10 * time.Minute}, health.OK, health.OK},
		"later for too long":     {lead.Queue{Waiting: 1, Failing: 1, Oldest: 16 * time.Minute}, health.Problem, health.OK},
		"nothing goes out": {
			lead.Queue{Waiting: 1, Oldest: 3 * time.Minute, Stalled: 3 * time.Minute}, health.Problem, health.OK,
		},
		"one wrong address":        {lead.Queue{Failed: 1, Single: 1}, health.OK, health.Warning},
		"two wrong addresses":      {lead.Queue{Failed: 2, Single: 2}, health.OK, health.Warning},
		"a sender that is refused": {lead.Queue{Failed: 2, Single: 1}, health.OK, health.Problem},
		"a wrong address in an outage": {
			lead.Queue{Failed: 1, Single: 1, Waiting: 1, Stalled: 3 * time.Minute}, health.Problem, health.Warning,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if f := doctor.EmailWaiting(c.queue); f.Level != c.waiting {
				t.Errorf("waiting emails are %q, want %q: %s", f.Level, c.waiting, f.What)
			}
			if f := doctor.EmailFailed(c.queue); f.Level != c.failed {
				t.Errorf("failed emails are %q, want %q: %s", f.Level, c.failed, f.What)
			}
		})
	}
}
