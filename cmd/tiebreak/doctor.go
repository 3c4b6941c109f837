package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"tiebreak/internal/doctor"
	"tiebreak/internal/health"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mail/mailbox"
	"tiebreak/internal/mailcheck"
	"tiebreak/internal/text"
	"tiebreak/templates/ui"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"Print a JSON array of findings."`
}

// Run checks the site and prints what it found. It fails if it found a problem.
func (c doctorCommand) Run(ctx context.Context, p *program) error {
	broken := p.connect(ctx, "doctor")
	if broken == nil {
		broken = p.db.CheckRestore(ctx)
	}
	config := p.doctorConfig(p.Site(p.Address()))
	config.Stopped = p.cluster != nil && p.cluster.Owned() // a running site would own it
	if broken != nil {
		config.DB, config.DBError = nil, broken
	}
	findings := doctor.New(config).Check(ctx)
	if err := c.print(os.Stdout, findings); err != nil {
		return err
	}
	if problems := health.Count(findings, health.Problem); problems > 0 {
		return errors.New(ui.Count(problems, "problem was found", "problems were found"))
	}
	return nil
}

// doctorConfig returns what there is to check about the site at the address, with the database if it is open.
func (p *program) doctorConfig(address *url.URL) doctor.Config {
	c := doctor.Config{BaseURL: address, DB: p.db, Private: p.DatabaseURL == "", BackupFolder: p.BackupFolder()}
	c.DataFolder, _ = p.DataFolder()
	if p.HTTPS() {
		c.Authority = p.Directory()
	}
	if p.cluster != nil {
		c.DatabaseFolder = p.cluster.Folder()
	}
	if p.SMTPURL != "" {
		c.MailServer = func(ctx context.Context) mailcheck.Server { return mail.TrySignIn(ctx, p.SMTPURL) }
	}
	if p.IMAPURL != "" {
		c.Mailbox = func(ctx context.Context) lead.MailboxProblem { return mailbox.TrySignIn(ctx, p.IMAPURL).Problem }
	}
	return c
}

func (c doctorCommand) print(w io.Writer, findings []health.Finding) error {
	if c.JSON {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(findings)
	}
	for _, f := range findings {
		fmt.Fprintf(w, "%-11s  %s: %s\n", f.Level, f.Check, text.OneLine(f.What))
		if f.Advice != "" {
			fmt.Fprintf(w, "%-11s  %s\n", "", text.OneLine(f.Advice))
		}
	}
	_, err := fmt.Fprintf(w, "\n%s, %s.\n", ui.Count(health.Count(findings, health.Problem), "problem", "problems"),
		ui.Count(health.Count(findings, health.Warning), "warning", "warnings"))
	return err
}
