package main

import (
	"context"
	"fmt"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" default:"1" help:"Update the database schema."`
	Status migrateStatusCommand `cmd:"" help:"List the migrations and when each was applied."`
}

type migrateUpCommand struct{}

// Run migrates; every command that opens the database does the same first.
func (migrateUpCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "migrate"); err != nil {
		return err
	}
	fmt.Println("The schema is up to date.")
	return nil
}

type migrateStatusCommand struct{}

// Run lists the migrations of any schema, and applies none.
func (migrateStatusCommand) Run(ctx context.Context, p *program) error {
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
