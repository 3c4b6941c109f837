package config_test

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/config"
)

func TestWrongMailSettingIsNamedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set  config.Config
		want []string // nil: nothing is wrong
	}{
		{config.Config{StaffMail: "one@example.org, Two <two@bücher.example>", MailFrom: "Studio <tiebreak@localhost>"}, nil},
		{
			config.Config{StaffMail: "one@example.org,two example.org,three@[127.0.0.1]"},
			[]string{`"two example.org"`, "a space", `"three@[127.0.0.1]"`, "“[”"},
		},
		{config.Config{StaffMail: "one@example.org;two@example.org"}, []string{"TIEBREAK_STAFF_MAIL", "“;”"}},
		{config.Config{MailFrom: "tiebreak@127.0.0.1"}, []string{"TIEBREAK_MAIL_FROM", "numbers after the @"}},
	} {
		err := with(c.set).Check()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%q and %q: %v", c.set.StaffMail, c.set.MailFrom, err)
		}
		for _, want := range c.want {
			if !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%q is not said: %v", want, err)
			}
		}
	}
}

func TestStaffMailThatIsSetIsNeverNobody(t *testing.T) {
	t.Parallel()
	want := []string{"one@example.org", "two@example.org"}
	for _, set := range []string{
		"one@example.org, Two <two@example.org>", "one@example.org,\ntwo@example.org", "one@example.org,\r\n\ttwo@example.org\n",
		"one@example.org,two@example.org,", " , one@example.org,, two@example.org", "“one@example.org”, two@example.org",
		"one@example.org,\u00a0two@example.org", `"Last, First" <one@example.org>, two@example.org`,
	} {
		c := with(config.Config{StaffMail: set})
		err, got := c.Check(), c.Staff()
		if err == nil && !slices.Equal(got, want) {
			t.Errorf("%q is accepted, and told are %q", set, got)
		}
		if err != nil && !strings.Contains(set, "“") {
			t.Errorf("%q: %v", set, err)
		}
	}
	for set, refused := range map[string]bool{"": false, " \n": false, ",": true, " , \n,": true} {
		c := with(config.Config{StaffMail: set})
		if err := c.Check(); (err != nil) != refused || !refused && c.Staff() != nil {
			t.Errorf("%q: %v, told are %q", set, err, c.Staff())
		}
	}
}

func TestAddressOfAMailServerIsOne(t *testing.T) {
	t.Parallel()
	for address, right := range map[string]bool{
		"smtp://mail": true, "smtps://user:pass%40word@mail.example.org:465": true, "smtp://bücher.example": true,
		"smtp://[::1]:25":          true,
		"smtp://mail.example.org.": true, "smtp://127.0.0.1:1025": true, "smtp://a..b": false, "smtp://mail:99999": false,
		"smtp://mail:0":     false,
		"smtp://-a.example": false, "smtp://": false, "http://mail.example.org": false, "mail.example.org:25": false,
	} {
		err := with(config.Config{SMTPURL: address}).Check()
		if (err == nil) != right || err != nil && !strings.Contains(err.Error(), "TIEBREAK_SMTP_URL") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestMailboxThatIsSetTwiceIsToldOnce(t *testing.T) {
	t.Parallel()
	for set, want := range map[string][]string{
		"one@example.org, One@Example.ORG, two@example.org":            {"one@example.org", "two@example.org"},
		"Desk <desk@bücher.example>, desk@xn--bcher-kva.example":       {"desk@bücher.example"},
		"desk@xn--bcher-kva.example, DESK@BÜCHER.example, a@b.example": {"desk@bücher.example", "a@b.example"},
		"Two@example.org, one@example.org, two@example.org":            {"Two@example.org", "one@example.org"},
	} {
		c := with(config.Config{StaffMail: set})
		if err, got := c.Check(), c.Staff(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: told are %q, want %q (%v)", set, got, want, err)
		}
	}
}

func TestLineBreakInTheSenderIsASpace(t *testing.T) {
	t.Parallel()
	c := with(config.Config{MailFrom: "Studio\n<studio@example.org>\n"})
	if err := c.Check(); err != nil || c.Sender(&url.URL{Host: "guides.example.org"}).Address != "studio@example.org" {
		t.Errorf("%v, the sender is %v", err, c.Sender(&url.URL{Host: "guides.example.org"}))
	}
}

func TestSenderKeepsItsName(t *testing.T) {
	t.Parallel()
	site := &url.URL{Scheme: "https", Host: "guides.example.org"}
	for set, want := range map[string]mail.Address{
		"": {Address: "tiebreak@guides.example.org"}, "hi@example.org": {Address: "hi@example.org"},
		"Studio Ahoi <hi@example.org>": {Name: "Studio Ahoi", Address: "hi@example.org"},
	} {
		if got := (config.Config{MailFrom: set}).Sender(site); got != want {
			t.Errorf("%q: mails come from %v", set, got)
		}
	}
}

func TestAddressOfTheMailboxIsOne(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"":                        "",
		"imaps://u:p@mail":        "",
		"imap://u:p@127.0.0.1:14": "",
		"imaps://reply%40studio.example:pass%2Fword@bücher.example:993/INBOX/Answers": "",
		"imaps://mail.example.org/INBOX":                                              "no user or no password",
		"imaps://user@mail.example.org":                                               "no user or no password",
		"imaps://u:secret@":                                                           "is not the address of a mailbox",
		"https://u:secret@mail.example.org":                                           "is not the address of a mailbox",
		"imaps://u:se%zzcret@mail.example":                                            "is not the address of a mailbox",
		"imaps://u:secret@mail.example:0":                                             "is not the address of a mailbox",
		"imaps://u:secret@mail.example/?x=y":                                          "more than a mailbox",
	} {
		err := with(config.Config{IMAPURL: address}).Check()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the password is printed: %v", address, err)
		}
	}
}

func TestMailboxIsNamedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"": "",
		"imaps://reply%40example.org:s%3Acret@imap.example.org:993/INBOX": "reply@example.org on imap.example.org",
		"imap://box:pw@127.0.0.1": "box on 127.0.0.1",
	} {
		if got := with(config.Config{IMAPURL: address}).MailboxName(); got != want {
			t.Errorf("%q is named %q, want %q", address, got, want)
		}
	}
}

func TestReplyAddressNeedsAMailboxAndRoomForAToken(t *testing.T) {
	t.Parallel()
	const box = "imaps://u:p@mail.example.org"
	for _, c := range []struct{ box, address, want, wrong string }{
		{box, "", "", ""},
		{"", "", "", ""},
		{box, " Reply@Bücher.example\n", "Reply@bücher.example", ""},
		{box, "leads+studio@example.org", "leads+studio@example.org", ""},
		{"", "reply@example.org", "reply@example.org", "Set both or neither"},
		{box, "reply@", "reply@", "TIEBREAK_REPLY_ADDRESS"},
		{box, strings.Repeat("a", 40) + "@example.org", strings.Repeat("a", 40) + "@example.org", "more than 33 characters"},
	} {
		set := with(config.Config{IMAPURL: c.box, ReplyTo: c.address})
		err := set.Check()
		if set.ReplyAddress() != c.want || (err == nil) != (c.wrong == "") ||
			err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%q: %q, %v", c.address, set.ReplyAddress(), err)
		}
	}
}
