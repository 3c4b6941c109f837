package main

import (
	"context"
	"fmt"
)

type migrateCommand struct {
	Status string `arg:"" optional:"" default:"" enum:",status" help:"The word status: list the migrations instead."`
}

// Run migrates, as every command that opens the database does first, or lists the migrations.
func (c migrateCommand) Run(ctx context.Context, p *program) error {
	if c.Status != "" {
		return listMigrations(ctx, p)
	}
	if err := p.open(ctx, "migrate"); err != nil {
		return err
	}
	fmt.Println("The schema is up to date.")
	return nil
}

// listMigrations lists the migrations of any schema and when each was applied, and applies none.
func listMigrations(ctx context.Context, p *program) error {
	if err := p.connect(ctx, "migrate status"); err != nil {
		return err
	}
	steps, err := p.db.Migrations(ctx)
	for _, s := range steps {
		applied := "pending         " // as wide as a time
		if !s.AppliedAt.IsZero() {
			applied = s.AppliedAt.UTC().Format("2006-01-02 15:04")
		}
		fmt.Printf("%s  %s\n", applied, s.Name)
	}
	return err
}
