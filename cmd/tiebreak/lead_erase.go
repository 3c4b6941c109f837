package main

import (
	"context"
	"errors"
	"fmt"

	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/postgres"
)

type leadEraseCommand struct {
	Reference string `arg:"" help:"The lead's reference, such as TB-0042."`
}

// Run erases the lead and the mails about it that are kept as files.
func (l leadEraseCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "lead erase", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	if reference, ok := lead.ReadReference(l.Reference); ok {
		l.Reference = reference
	}
	err = db.EraseLead(ctx, l.Reference, postgres.CommandLine)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("no lead %s: see \"tiebreak lead list\"", l.Reference)
	}
	if err != nil {
		return err
	}
	if err := mail.Forget(c.MailFolder(), l.Reference); err != nil {
		return fmt.Errorf("%s is erased, but some of its emails are still in %s: %w", l.Reference, c.MailFolder(), err)
	}
	fmt.Fprintf(around.stdout, "%s is erased.\n", l.Reference)
	return nil
}
