package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tiebreak/internal/demo"
)

type demoCommand struct {
	Guides  int `default:"100" placeholder:"N" help:"Number of guides."`
	Options int `default:"20" placeholder:"N" help:"Number of options to compare, at least 2."`
	Leads   int `default:"0" placeholder:"N" help:"Number of leads from the last five years."`
}

// Validate is called by the command line's parser: numbers that do not fit are wrong usage.
func (d demoCommand) Validate() error {
	switch {
	case d.Options < 2:
		return fmt.Errorf("--options is a number from 2 up, not %d", d.Options)
	case d.Guides < 1 || d.Guides > demo.Most(d.Options):
		return fmt.Errorf("--guides is a number from 1 to %d with --options %d: there are no more pairs and triples; not %d",
			demo.Most(d.Options), d.Options, d.Guides)
	case d.Leads < 0:
		return fmt.Errorf("--leads is a number from 0 up, not %d", d.Leads)
	}
	return nil
}

// Run fills the database with sample guides and leads.
func (d demoCommand) Run(ctx context.Context, p *program) error {
	if err := p.open(ctx, "demo"); err != nil {
		return err
	}
	size := demo.Size{Options: d.Options, Guides: d.Guides, Leads: d.Leads}
	bar := &progressBar{out: os.Stderr, redrawn: isTerminal(os.Stderr), total: d.Options + d.Guides + d.Leads}
	err := demo.Load(ctx, p.db, size, bar.show)
	bar.end()
	switch {
	case errors.Is(err, demo.ErrRealLeads), errors.Is(err, demo.ErrFilled):
		return fmt.Errorf("nothing was loaded: %w", err)
	case err != nil:
		return fmt.Errorf("the samples are incomplete; run the same command again, and it starts over: %w", err)
	}
	fmt.Printf("%d sample guides and %d sample options are published, %d sample leads have arrived.\n",
		d.Guides, d.Options, d.Leads)
	return nil
}

// isTerminal reports whether a line written to the file can be drawn over.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progressBar is one line that is drawn over and over or, where that is not possible, a line every 10 percent.
type progressBar struct {
	out     io.Writer
	redrawn bool
	total   int
	tenths  int  // shown so far
	open    bool // the line has no end yet
}

// show shows how many of the total are done.
func (p *progressBar) show(done int) {
	line := fmt.Sprintf("%3d%%  %d of %d", 100*done/p.total, done, p.total)
	if p.redrawn {
		const width, eraseLine = 30, "\r\033[K"
		full := width * done / p.total
		fmt.Fprint(p.out, eraseLine, "[", strings.Repeat("#", full), strings.Repeat(".", width-full), "] ", line)
		p.open = true
		return
	}
	if tenths := 10 * done / p.total; tenths > p.tenths {
		p.tenths = tenths
		fmt.Fprintln(p.out, line)
	}
}

// end leaves the last line standing.
func (p *progressBar) end() {
	if p.open {
		fmt.Fprintln(p.out)
	}
}
