package main

import (
	"context"
	"errors"
	"fmt"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/postgres"
)

type leadEraseCommand struct {
	Reference string `arg:"" help:"The lead's reference, such as TB-0042."`
}

// Run erases the lead and the mails about it that are kept as files.
func (l leadEraseCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "lead erase"); err != nil {
		return err
	}
	if reference, ok := lead.ReadReference(l.Reference); ok {
		l.Reference = reference
	}
	err := p.db.EraseLead(ctx, l.Reference, postgres.CommandLine)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("no lead %s: see \"tiebreak lead list\"", l.Reference)
	}
	if err != nil {
		return err
	}
	if err := mail.Forget(p.MailFolder(), l.Reference); err != nil {
		return fmt.Errorf("%s is erased, but some of its emails are still in %s: %w", l.Reference, p.MailFolder(), err)
	}
	if err := p.noteErasures(ctx); err != nil {
		return fmt.Errorf("%s is erased, but the ledger of erasures does not say so yet: %w", l.Reference, err)
	}
	fmt.Printf("%s is erased.\n", l.Reference)
	return nil
}
