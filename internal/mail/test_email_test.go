package mail_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/templates/ui"
)

// said returns the conversation, one line after the other.
func said(test mailcheck.Email) string {
	var all []string
	for _, line := range test.Lines {
		mark := "< "
		if line.Ours {
			mark = "> "
		}
		all = append(all, mark+line.Text)
	}
	return strings.Join(all, "\n")
}

func TestATestEmailShowsTheConversationWithTheServer(t *testing.T) {
	t.Parallel()
	box := mailtest.NewWithSignIn(t, "PLAIN")
	s := service(t, pgtest.New(t), func(c *mail.Config) {
		c.SMTP = (&url.URL{Scheme: "smtp", Host: box.Address, User: url.UserPassword(mailtest.User, mailtest.Password)}).String()
	})
	test, err := s.SendTest(t.Context(), "ops@example.org")
	if err != nil || test.Problem != "" {
		t.Fatalf("%v, %s", err, test.Problem)
	}
	if got := box.Got(); len(got) != 1 || got[0].Subject(t) != "Test email from Tiebreak" || got[0].To[0] != "ops@example.org" {
		t.Errorf("the server got %v", got)
	}
	talk := said(test)
	for _, want := range []string{
		"> EHLO", "> MAIL FROM:<tiebreak@guides.example.org>", "> RCPT TO:<ops@example.org>", "> DATA", "< 354", "OK: queued",
	} {
		if !strings.Contains(talk, want) {
			t.Errorf("the conversation does not show %q:\n%s", want, talk)
		}
	}
	if strings.Contains(talk, mailtest.Password) || len(test.Lines) < 8 {
		t.Errorf("the conversation is\n%s", talk)
	}
}

func TestATestEmailSaysWhatStoppedIt(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for behaviour, want := range map[mailtest.Behaviour]struct {
		problem lead.Problem
		code    int
		words   string
	}{
		mailtest.Says550:        {lead.UnknownAddress, 550, "No such user"},
		mailtest.RefusesSender:  {lead.RefusedSender, 553, "Sender address rejected"},
		mailtest.RefusesMessage: {lead.RefusedMail, 554, "Looks like spam"},
		mailtest.RefusesUs:      {lead.RefusedConnection, 554, "No service here"},
	} {
		box := mailtest.New(t)
		box.Set(behaviour)
		test, err := service(t, db, to(box)).SendTest(t.Context(), "ops@example.org")
		if err != nil || test.Problem != want.problem || test.Code != want.code || !strings.Contains(said(test), want.words) {
			t.Errorf("server %s: %v, %s (%d)\n%s", behaviour, err, test.Problem, test.Code, said(test))
		}
	}
	nobody := mailtest.Nobody(t)
	test, err := service(t, db, func(c *mail.Config) { c.SMTP = "smtp://" + nobody }).SendTest(t.Context(), "ops@example.org")
	if err != nil || test.Problem != lead.ClosedPort || !strings.Contains(said(test), "connection refused") {
		t.Errorf("no server: %v, %s\n%s", err, test.Problem, said(test))
	}
}

func TestATestEmailIsAFileWithoutAServer(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	test, err := service(t, pgtest.New(t), func(c *mail.Config) { c.Folder = folder }).SendTest(t.Context(), "ops@example.org")
	if err != nil || test.Problem != "" || test.Folder != folder {
		t.Fatalf("%v, %+v", err, test)
	}
	letter, err := os.ReadFile(filepath.Join(folder, "test.eml"))
	if err != nil || !strings.Contains(string(letter), "ops@example.org") || strings.Contains(string(letter), "arrived") {
		t.Errorf("%v: %s", err, letter)
	}
}

func TestATestEmailShowsTheRecordsOfTheSender(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	const one, two = "v=spf1 include:mail.example.com -all", "v=DMARC1; p=reject"
	for _, row := range []struct {
		from       string
		records    map[string][]string
		domain     string
		spf, dmarc mailcheck.DNSRecord
	}{
		{
			"a@studio.example.com",
			map[string][]string{
				"studio.example.com.": {"something else", one}, "_dmarc.studio.example.com.": {two},
			},
			"studio.example.com",
			mailcheck.DNSRecord{Name: "studio.example.com", Text: one, Count: 1},
			mailcheck.DNSRecord{Name: "_dmarc.studio.example.com", Text: two, Count: 1},
		},
		{ // the organisation's record holds for its subdomains
			"a@studio.example.com",
			map[string][]string{"_dmarc.example.com.": {two}},
			"studio.example.com",
			mailcheck.DNSRecord{Name: "studio.example.com"},
			mailcheck.DNSRecord{Name: "_dmarc.example.com", Text: two, Count: 1},
		},
		{
			"a@example.com",
			map[string][]string{"example.com.": {one, "v=spf1 -all", "v=spf10"}},
			"example.com",
			mailcheck.DNSRecord{Name: "example.com", Text: one, Count: 2},
			mailcheck.DNSRecord{Name: "_dmarc.example.com"},
		},
		{ // where the organisation's record would hold, which is the last that receivers look for
			"a@studio.example.com",
			nil,
			"studio.example.com",
			mailcheck.DNSRecord{Name: "studio.example.com"},
			mailcheck.DNSRecord{Name: "_dmarc.example.com"},
		},
		{"a@localhost", nil, "", mailcheck.DNSRecord{}, mailcheck.DNSRecord{}},
	} {
		test, err := service(t, db, func(c *mail.Config) {
			c.Folder, c.From, c.Resolver = t.TempDir(), row.from, mailtest.NewDNS(t, row.records)
		}).SendTest(t.Context(), "ops@example.org")
		if err != nil || test.Domain != row.domain || test.SPF != row.spf || test.DMARC != row.dmarc {
			t.Errorf("%s: %v, %q, %+v, %+v", row.from, err, test.Domain, test.SPF, test.DMARC)
		}
		words := ui.DMARCWords(test.Domain, test.DMARC)
		if test.Domain != "" && test.DMARC.Count == 0 && !strings.Contains(words, " at "+test.DMARC.Name+" ") {
			t.Errorf("%s: %s", test.DMARC.Name, words)
		}
	}
}
