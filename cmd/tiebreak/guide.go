package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
)

type guideCheckCommand struct {
	Paths []string `arg:"" name:"path" help:"YAML files, or folders of them."`
}

// Run lists every problem in the files. It needs no database.
func (g guideCheckCommand) Run() error {
	files, err := checkedFiles(g.Paths, true)
	if err != nil {
		return err
	}
	if len(files) == 1 {
		fmt.Println("1 file is valid.")
	} else {
		fmt.Printf("%d files are valid.\n", len(files))
	}
	return nil
}

type guideImportCommand struct {
	Paths   []string `arg:"" name:"path" help:"YAML files, or folders as exported."`
	Publish bool     `help:"Publish the guides. Without it, changed guides are saved as drafts. Changed facts show at once either way."`
	DryRun  bool     `help:"Show what would change, without changing anything."`
}

// Run imports the files, all or nothing.
func (g guideImportCommand) Run(ctx context.Context, p *program) error {
	files, err := checkedFiles(g.Paths, false)
	if err != nil {
		return err
	}
	if err := p.open(ctx, "guide import"); err != nil {
		return err
	}
	imported, err := p.db.Import(ctx, postgres.Import{Folder: yamlform.Collect(files), Publish: g.Publish, DryRun: g.DryRun})
	changes := imported.Changes
	for _, change := range changes {
		fmt.Printf("%-32s %s\n", change.Name, change.What)
	}
	var refused fault.Invalid
	switch {
	case slices.ContainsFunc(changes, func(c postgres.Change) bool { return c.State == postgres.Outdated }):
		return errors.New("nothing was imported")
	case errors.As(err, &refused):
		return append(refused, fault.Field{Name: "guide import", Message: "nothing was imported"})
	case err != nil:
		return fmt.Errorf("nothing was imported: %w", err)
	case g.DryRun:
		fmt.Println("Dry run: nothing was imported.")
		return nil
	}
	renewBases(files, changes)
	return nil
}

// renewBases writes into each imported file what it is based on now. The import is done: a file that cannot be written is only
// reported.
func renewBases(files []yamlform.File, changes []postgres.Change) {
	digests := map[string]string{}
	for _, c := range changes {
		digests[c.Name] = c.BasedOn
	}
	for _, f := range files {
		name := ""
		switch {
		case f.Option != nil:
			name = "option " + f.Option.Slug
		case f.Guide != nil:
			name = "guide " + f.Guide.Slug
		}
		if digests[name] == "" {
			continue
		}
		if err := renewBase(f, digests[name]); err != nil {
			fmt.Printf("%s keeps its old based_on (%v): export it again before you edit it.\n", f.Name, err)
		}
	}
}
