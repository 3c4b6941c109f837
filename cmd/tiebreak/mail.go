package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"tiebreak/internal/backup"
	"tiebreak/internal/email"
	"tiebreak/internal/mail"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/web"
	"tiebreak/templates/ui"
)

// newMail returns what sends the emails of the site at the address. site and backups may be nil.
func (p *program) newMail(
	ctx context.Context, address *url.URL, site *web.Server, backups *backup.Keeper,
) (*mail.Service, error) {
	sender := p.Sender(address)
	c := mail.Config{
		DB: p.db, BaseURL: address, SMTP: p.SMTPURL, Folder: p.MailFolder(), Reply: p.ReplyAddress(), Staff: p.Staff(),
		Log: p.log, From: sender.Address, FromName: sender.Name,
	}
	if p.IMAPURL != "" {
		c.TryMailbox = func(ctx context.Context) mailcheck.Mailbox { return mailbox.TrySignIn(ctx, p.IMAPURL) }
	}
	if site != nil {
		c.Refused = site.CountRefusal
	}
	if backups != nil {
		c.Erased = backups.NoteErasures
	}
	return mail.New(ctx, c)
}

type mailTestCommand struct {
	Address string `arg:"" help:"Where to send the test email."`
}

// Run sends a test email and prints how each step went.
func (c mailTestCommand) Run(ctx context.Context, p *program) error {
	to := email.Clean(c.Address)
	if problem := email.Problem(to); problem != "" {
		return fmt.Errorf("%q: %s", c.Address, problem)
	}
	if err := p.open(ctx, "mail test"); err != nil {
		return err
	}
	sender, err := p.newMail(ctx, p.Site(p.Address()), nil, nil)
	if err != nil {
		return err
	}
	result, err := sender.SendTest(ctx, to)
	if err != nil {
		return err
	}
	printTest(os.Stdout, result)
	if result.Problem != "" {
		return errors.New(ui.TestOutcome(result))
	}
	fmt.Println(ui.TestOutcome(result))
	if result.Mailbox.Problem != "" {
		return errors.New("the mailbox for answers cannot be read")
	}
	return nil
}

// printTest prints the conversation with the mail server and what DNS says of the sender's domain.
func printTest(w io.Writer, t mailcheck.Email) {
	for _, line := range t.Lines {
		direction := "<"
		if line.Ours {
			direction = ">"
		}
		fmt.Fprintln(w, direction, line.Text)
	}
	if words := ui.BounceWords(t); words != "" {
		fmt.Fprintf(w, "\nBounces\n  %s\n", words)
	}
	if words := ui.MailboxTest(t.Mailbox); words != "" {
		fmt.Fprintf(w, "\nIncoming email\n  %s\n", words)
	}
	if t.Domain == "" {
		return
	}
	for _, found := range []struct {
		kind, words string
		record      mailcheck.DNSRecord
	}{{"SPF", ui.SPFWords(t), t.SPF}, {"DMARC", ui.DMARCWords(t.Domain, t.DMARC), t.DMARC}} {
		fmt.Fprintf(w, "\n%s at %s\n", found.kind, found.record.Name)
		if found.record.Text != "" {
			fmt.Fprintln(w, " ", found.record.Text)
		}
		fmt.Fprintln(w, " ", found.words)
	}
	fmt.Fprintln(w)
}
