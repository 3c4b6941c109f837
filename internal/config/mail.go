package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strings"

	"tiebreak/internal/email"
	"tiebreak/internal/lead"
)

// mailboxes returns the addresses that a setting lists, each mailbox once, or an error for each that no mail can be sent to.
func mailboxes(setting, value string) (addresses []string, err error) {
	value = oneLine(value)
	if value == "" {
		return nil, nil
	}
	var listed []string
	if list, err := mail.ParseAddressList(value); err == nil {
		for _, parsed := range list {
			listed = append(listed, parsed.Address)
		}
	} else {
		listed = strings.Split(value, ",")
	}
	var problems []error
	seen := map[string]bool{}
	for _, text := range listed {
		address, err := mailbox(setting, strings.TrimSpace(text))
		problems = append(problems, err)
		if key := email.Key(address); !seen[key] {
			addresses, seen[key] = append(addresses, address), true
		}
	}
	return addresses, errors.Join(problems...)
}

// mailbox returns the address in the text, which may have a name before it, or an error that says why no mail can be sent to it.
func mailbox(setting, text string) (address string, err error) {
	address = text
	if parsed, err := mail.ParseAddress(text); err == nil {
		address = parsed.Address
	}
	address = email.Clean(address)
	if problem := email.Problem(address); problem != "" {
		return address, fmt.Errorf("%s: %q cannot be used. %s", setting, text, problem)
	}
	return address, nil
}

// oneLine returns the value with each line break and run of spaces as one space: files of settings may be folded.
func oneLine(value string) string { return strings.Join(strings.Fields(value), " ") }

// wrongServer returns what is wrong with the address of a mail server, without repeating it: it may hold a password.
func wrongServer(address string) error {
	u, err := url.Parse(address)
	if err == nil {
		_, err = hostOf(u)
	}
	if address == "" || err == nil && (u.Scheme == "smtp" || u.Scheme == "smtps") {
		return nil
	}
	return errors.New("TIEBREAK_SMTP_URL is not the address of a mail server: " +
		"write it as smtp://user:password@mail.example.org:587")
}

// Sender returns the sender of mails of the site at the public address.
func (c Config) Sender(site *url.URL) mail.Address {
	if from := oneLine(c.MailFrom); from != "" {
		address, _ := mailbox("TIEBREAK_MAIL_FROM", from)
		sender := mail.Address{Address: address}
		if parsed, err := mail.ParseAddress(from); err == nil {
			sender.Name = parsed.Name
		}
		return sender
	}
	host := site.Hostname()
	if net.ParseIP(host) != nil {
		host = "localhost"
	}
	return mail.Address{Address: "tiebreak@" + host}
}

// Staff returns the addresses that get mails about leads; none means every editor and admin.
func (c Config) Staff() []string {
	addresses, _ := mailboxes("TIEBREAK_STAFF_MAIL", c.StaffMail)
	return addresses
}

// wrongMailbox returns what is wrong with the address of the mailbox that is read, without repeating it: it holds a password.
func wrongMailbox(address string) error {
	if address == "" {
		return nil
	}
	const form = "write it as imaps://user:password@mail.example.org:993/INBOX"
	u, err := url.Parse(address)
	if err == nil {
		_, err = hostOf(u)
	}
	switch {
	case err != nil, u.Scheme != "imap" && u.Scheme != "imaps":
		return errors.New("TIEBREAK_IMAP_URL is not the address of a mailbox: " + form +
			". Special characters in the user and the password are written as %40 and so on")
	case u.RawQuery != "" || u.Fragment != "":
		return errors.New("TIEBREAK_IMAP_URL has more than a mailbox: " + form)
	}
	if password, _ := u.User.Password(); u.User.Username() == "" || password == "" {
		return errors.New("TIEBREAK_IMAP_URL has no user or no password: " + form)
	}
	return nil
}

// MailboxName returns the user and the host of the mailbox that is read, without the password: "reply@example.org on
// imap.example.org". It is "" without a mailbox.
func (c Config) MailboxName() string {
	u, err := url.Parse(c.IMAPURL)
	if err != nil || c.IMAPURL == "" {
		return ""
	}
	return u.User.Username() + " on " + u.Hostname()
}

// wrongReplyAddress returns what is wrong with the address for answers.
func (c Config) wrongReplyAddress() error {
	if oneLine(c.ReplyTo) == "" {
		return nil
	}
	address, err := mailbox("TIEBREAK_REPLY_ADDRESS", oneLine(c.ReplyTo))
	if err != nil {
		return err
	}
	if local, _, _ := strings.Cut(address, "@"); len(local) > lead.MaxReplyAddress {
		return fmt.Errorf("TIEBREAK_REPLY_ADDRESS %q has more than %d characters before the @: the code of a lead is added there",
			address, lead.MaxReplyAddress)
	}
	if c.IMAPURL == "" {
		return errors.New("TIEBREAK_REPLY_ADDRESS is set without TIEBREAK_IMAP_URL: answers would go to a mailbox that nobody " +
			"reads. Set both or neither")
	}
	return nil
}

// ReplyAddress returns the address for answers, or "" if answers go to the member who replied.
func (c Config) ReplyAddress() string {
	if oneLine(c.ReplyTo) == "" {
		return ""
	}
	address, _ := mailbox("TIEBREAK_REPLY_ADDRESS", oneLine(c.ReplyTo))
	return address
}
