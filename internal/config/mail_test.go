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
		{config.Config{StaffMail: "one@example.org,two example.org,three@[127.0.0.1]"}, []string{`"two example.org"`, "a space", `"three@[127.0.0.1]"`, "“[”"}},
		{config.Config{StaffMail: "one@example.org;two@example.org"}, []string{"TIEBREAK_STAFF_MAIL", "“;”"}},
		{config.Config{MailFrom: "tiebreak@127.0.0.1"}, []string{"TIEBREAK_MAIL_FROM", "numbers after the @"}},
	} {
		c.set.Addr, c.set.Starter, c.set.LogFormat = "127.0.0.1:8080", "none", "text"
		err := c.set.Check()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%q and %q: %v", c.set.StaffMail, c.set.MailFrom, err)
		}
		for _, want := range c.want {
			if !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%q is not said: %v", want, err)
			}
		}
	}
	c := config.Config{StaffMail: "one@example.org, Two <two@example.org>"}
	if got := c.Staff(); !slices.Equal(got, []string{"one@example.org", "two@example.org"}) {
		t.Errorf("told are %v", got)
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
