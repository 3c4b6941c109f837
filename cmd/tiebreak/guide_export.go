package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/postgres"
)

type guideExportCommand struct {
	Slugs  []string `arg:"" optional:"" name:"slug" help:"Guides to export, with the options they compare. If you name none: the whole site, including site.yaml."`
	Dir    string   `required:"" placeholder:"DIR" help:"Folder to write to. It is created if it does not exist."`
	Drafts bool     `help:"If a guide has a newer draft, export the draft instead of the published guide."`
	Force  bool     `help:"Overwrite files that were edited since they were exported."`
}

// Run writes what the database holds as YAML files.
func (g guideExportCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "guide export"); err != nil {
		return err
	}
	folder, err := p.db.Export(ctx, g.Slugs, g.Drafts)
	if errors.Is(err, fault.NotFound) {
		return fmt.Errorf("%w: see tiebreak guide list", err)
	}
	if err != nil {
		return err
	}
	files, err := g.files(folder)
	if err != nil {
		return err
	}
	if !g.Force {
		if err := keepEdited(files); err != nil {
			return err
		}
	}
	for _, f := range files {
		if err := f.write(); err != nil {
			return err
		}
	}
	fmt.Printf("Wrote %d guides and %d options to %s.\n", len(folder.Guides), len(folder.Options), g.Dir)
	g.tellDrafts(folder.Drafts)
	return nil
}

// tellDrafts says which of the files are drafts, or which drafts are in none of them.
func (g guideExportCommand) tellDrafts(drafts []string) {
	switch {
	case len(drafts) == 0:
	case g.Drafts:
		fmt.Printf("Drafts, which an import with --publish would publish: %s.\n", strings.Join(drafts, ", "))
	default:
		fmt.Printf("Not written: newer drafts of %s (--drafts writes them).\n", strings.Join(drafts, ", "))
	}
}

// exported is a file to be written.
type exported struct {
	path string
	text []byte
}

func (g guideExportCommand) files(folder postgres.Exported) ([]exported, error) {
	var files []exported
	var failed error
	add := func(name string, v any) {
		text, err := yamlform.YAML(v)
		failed = errors.Join(failed, err)
		files = append(files, exported{filepath.Join(g.Dir, name), text})
	}
	for _, o := range folder.Options {
		add(filepath.Join("options", o.Slug+".yaml"), o)
	}
	for _, one := range folder.Guides {
		add(filepath.Join("guides", one.Slug+".yaml"), one)
	}
	if folder.Site != nil {
		add("site.yaml", folder.Site)
	}
	return files, failed
}

// keepEdited returns an error that names the files that hold something nobody but their author has.
func keepEdited(files []exported) error {
	var edited []string
	for _, f := range files {
		text, err := readRegular(f.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !bytes.Equal(text, f.text) && !yamlform.IsExport(yamlform.Text{Name: f.path, Content: text}):
			edited = append(edited, f.path)
		}
	}
	if len(edited) == 0 {
		return nil
	}
	return fmt.Errorf("nothing was written, because these files were edited: %s. "+
		"Import them first, or export to another folder. --force overwrites them", strings.Join(edited, ", "))
}

// write writes a file of its own and renames it, so that the file is whole whatever happens.
func (f exported) write() error {
	folder := filepath.Dir(f.path)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(f.path); err == nil {
		mode = info.Mode().Perm()
	}
	temporary, err := os.CreateTemp(folder, ".export-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(f.text)
	if err = errors.Join(err, temporary.Chmod(mode), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), f.path)
}
