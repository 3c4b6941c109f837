package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

type guideListCommand struct{}

// Run prints a line for each guide, draft and former address.
func (guideListCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "guide list"); err != nil {
		return err
	}
	guides, err := p.db.EveryGuide(ctx)
	if err != nil {
		return err
	}
	list := newTable(os.Stdout, "SLUG", "STATUS", "EDITION", "TITLE")
	for _, g := range guides {
		day := "-"
		if g.MadeAt != nil {
			day = g.MadeAt.UTC().Format(time.DateOnly)
		}
		list.row(g.Slug, g.State(), day, g.Title)
	}
	return list.flush()
}

type guideNewCommand struct {
	Options []string `arg:"" name:"option" help:"One option: an example of its file. Two to four: an example of a guide that compares them."`
}

// Validate is called by the command line's parser.
func (g guideNewCommand) Validate() error {
	if len(g.Options) > guide.MaxOptions {
		return fmt.Errorf("a guide compares 2 to %d options", guide.MaxOptions)
	}
	seen := map[string]bool{}
	for _, o := range g.Options {
		if !yamlform.IsSlug(o) {
			return fmt.Errorf("%q must be lower-case letters, digits and hyphens, such as ruby-on-rails", o)
		}
		if seen[o] {
			return fmt.Errorf("%s is given twice", o)
		}
		seen[o] = true
	}
	return nil
}

// Run prints a commented example. It needs no database and writes no file.
func (g guideNewCommand) Run() error {
	example := yamlform.ExampleOption(g.Options[0], guide.Day(time.Now()))
	if len(g.Options) > 1 {
		example = yamlform.Example(g.Options)
	}
	_, err := fmt.Print(example)
	return err
}
