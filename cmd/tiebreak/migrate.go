package main

import (
	"context"
	"errors"
	"fmt"

	"tiebreak/internal/config"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" default:"1" help:"Update the database schema."`
	Status migrateStatusCommand `cmd:"" help:"List the migrations and when each was applied."`
}

type migrateUpCommand struct{}

// Run migrates; every command that opens the database does the same first.
func (migrateUpCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "migrate", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	fmt.Fprintln(around.stdout, "The schema is up to date.")
	return db.Close()
}

type migrateStatusCommand struct{}

// Run lists the steps.
func (migrateStatusCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "migrate status", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	steps, err := db.Migrations(ctx)
	for _, s := range steps {
		fmt.Fprintf(around.stdout, "%s  %s\n", s.AppliedAt.UTC().Format("2006-01-02 15:04"), s.Name)
	}
	return err
}
