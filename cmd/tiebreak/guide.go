package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

type guideCheckCommand struct {
	Paths []string `arg:"" name:"path" help:"YAML files, or folders of them."`
}

// Run names every mistake in the files. It needs no database.
func (g guideCheckCommand) Run(around surroundings) error {
	files, err := checkedFiles(around, g.Paths)
	if err != nil {
		return err
	}
	fmt.Fprintf(around.stdout, "%d files are in order.\n", len(files))
	return nil
}

// errMistakes ends a command whose mistakes are printed already.
var errMistakes = errors.New("mend the mistakes above and try again")

// checkedFiles reads the files below the paths and prints what is wrong with them.
func checkedFiles(around surroundings, paths []string) ([]guide.File, error) {
	texts, err := readPaths(paths)
	if err != nil {
		return nil, err
	}
	files, reading := guide.Read(texts)
	findings := guide.Check(files, reading, guide.Day(time.Now()))
	for _, f := range findings {
		fmt.Fprintln(around.stdout, f)
	}
	if guide.Mistakes(findings) > 0 {
		return nil, errMistakes
	}
	return files, nil
}

// readPaths reads each file, and the YAML files below each folder, under the names that the caller can open.
func readPaths(paths []string) ([]guide.Text, error) {
	var texts []guide.Text
	for _, path := range paths {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no %s", path)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			texts = append(texts, guide.Text{Name: path, Content: content})
			continue
		}
		below, err := guide.Texts(os.DirFS(path))
		if err != nil {
			return nil, err
		}
		if len(below) == 0 {
			return nil, fmt.Errorf("there is no YAML file in %s", path)
		}
		for _, t := range below {
			t.Name = filepath.Join(path, t.Name)
			texts = append(texts, t)
		}
	}
	return texts, nil
}

type guideImportCommand struct {
	Paths   []string `arg:"" name:"path" help:"YAML files, or folders as exported."`
	Publish bool     `help:"Publish the guides; without it a changed guide is kept as a draft. Facts show at once either way."`
	DryRun  bool     `help:"Say what would be done, and do nothing."`
}

// Run takes the files into the database, all or nothing.
func (g guideImportCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	files, err := checkedFiles(around, g.Paths)
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
	switch {
	case errors.Is(err, fault.Conflict):
		return errors.New("nothing was imported: some files are older than the database")
	case err != nil:
		return fmt.Errorf("nothing was imported: %w", err)
	case g.DryRun:
		fmt.Fprintln(around.stdout, "Dry run: nothing was imported.")
	}
	return nil
}

type guideExportCommand struct {
	Slugs []string `arg:"" optional:"" name:"slug" help:"Guides to export. None: the whole site, options and site.yaml too."`
	Dir   string   `required:"" placeholder:"DIR" help:"Folder to write to; it is made if it is not there."`
}

// Run writes what the database holds as YAML files.
func (g guideExportCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "guide export", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	folder, err := db.Export(ctx, g.Slugs)
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
	}
	return err
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
