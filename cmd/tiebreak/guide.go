package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

type guideCheckCommand struct {
	Paths []string `arg:"" name:"path" help:"YAML files, or folders of them."`
}

// Run lists every problem in the files. It needs no database.
func (g guideCheckCommand) Run(around surroundings) error {
	files, err := checkedFiles(around, g.Paths, true)
	if err != nil {
		return err
	}
	if len(files) == 1 {
		fmt.Fprintln(around.stdout, "1 file is valid.")
	} else {
		fmt.Fprintf(around.stdout, "%d files are valid.\n", len(files))
	}
	return nil
}

type guideImportCommand struct {
	Paths   []string `arg:"" name:"path" help:"YAML files, or folders as exported."`
	Publish bool     `help:"Publish the guides. Without it a changed guide is saved as a draft. Facts show at once either way."`
	DryRun  bool     `help:"Say what would change, and change nothing."`
}

// Run imports the files, all or nothing.
func (g guideImportCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	files, err := checkedFiles(around, g.Paths, false)
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, c, "guide import", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	changes, err := db.Import(ctx, postgres.Import{Folder: guide.Collect(files), Publish: g.Publish, DryRun: g.DryRun})
	for _, change := range changes {
		fmt.Fprintf(around.stdout, "%-32s %s\n", change.Name, change.What)
	}
	var refused fault.Invalid
	switch {
	case slices.ContainsFunc(changes, func(c postgres.Change) bool { return c.Conflict }):
		return errors.New("nothing was imported")
	case errors.As(err, &refused):
		return append(refused, fault.Field{Name: "guide import", Message: "nothing was imported"})
	case err != nil:
		return fmt.Errorf("nothing was imported: %w", err)
	case g.DryRun:
		fmt.Fprintln(around.stdout, "Dry run: nothing was imported.")
		return nil
	}
	renewBases(around, files, changes)
	return nil
}

// renewBases has each imported file say what it is based on now. The import is done: a file that cannot be written is only
// told of.
func renewBases(around surroundings, files []guide.File, changes []postgres.Change) {
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
			fmt.Fprintf(around.stdout, "%s keeps its old based_on (%v): export it again before you edit it.\n", f.Name, err)
		}
	}
}

type guideExportCommand struct {
	Slugs  []string `arg:"" optional:"" name:"slug" help:"Guides to export, with the options they compare. None: the whole site, site.yaml too."`
	Dir    string   `required:"" placeholder:"DIR" help:"Folder to write to; it is made if it is not there."`
	Drafts bool     `help:"Where a guide has a draft that is newer than what is published, write the draft. Importing it with --publish publishes it. Without this, published guides only."`
}

// Run writes what the database holds as YAML files.
func (g guideExportCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "guide export", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	folder, err := db.Export(ctx, g.Slugs, g.Drafts)
	if err != nil {
		return err
	}
	for _, o := range folder.Options {
		err = errors.Join(err, g.write(filepath.Join("options", o.Slug+".yaml"), o))
	}
	for _, one := range folder.Guides {
		err = errors.Join(err, g.write(filepath.Join("guides", one.Slug+".yaml"), one))
	}
	if folder.Site != nil {
		err = errors.Join(err, g.write("site.yaml", folder.Site))
	}
	if err == nil {
		fmt.Fprintf(around.stdout, "Wrote %d guides and %d options to %s.\n", len(folder.Guides), len(folder.Options), g.Dir)
		g.tellDrafts(around, folder.Drafts)
	}
	return err
}

// tellDrafts says which of the files are drafts, or which drafts are in none of them.
func (g guideExportCommand) tellDrafts(around surroundings, drafts []string) {
	switch {
	case len(drafts) == 0:
	case g.Drafts:
		fmt.Fprintf(around.stdout, "Drafts, which an import with --publish would publish: %s.\n", strings.Join(drafts, ", "))
	default:
		fmt.Fprintf(around.stdout, "Not written: newer drafts of %s (--drafts writes them).\n", strings.Join(drafts, ", "))
	}
}

func (g guideExportCommand) write(name string, v any) error {
	text, err := guide.YAML(v)
	if err != nil {
		return err
	}
	path := filepath.Join(g.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
