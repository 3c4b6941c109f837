package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tiebreak/internal/config"
	"tiebreak/internal/demo"
)

type demoCommand struct {
	Guides  int `default:"100" placeholder:"N" help:"How many guides."`
	Options int `default:"20" placeholder:"N" help:"How many options they compare, at least 2."`
}

// Validate is called by the command line's parser: numbers that do not fit are wrong usage.
func (d demoCommand) Validate() error {
	switch {
	case d.Options < 2 || d.Options > demo.MaxOptions:
		return fmt.Errorf("--options is a number from 2 to %d, not %d", demo.MaxOptions, d.Options)
	case d.Guides < 1 || d.Guides > demo.Most(d.Options):
		return fmt.Errorf("--guides is a number from 1 to %d with --options %d: there are no more pairs and triples; not %d",
			demo.Most(d.Options), d.Options, d.Guides)
	}
	return nil
}

// Run fills the database with sample guides.
func (d demoCommand) Run(ctx context.Context, around surroundings, c config.Config) (err error) {
	db, err := openDatabase(ctx, c, "demo", c.Logger(around.stderr))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	bar := &progressBar{out: around.stderr, redrawn: isTerminal(around.stderr), total: d.Options + d.Guides, started: time.Now()}
	loaded, err := demo.Load(ctx, db.DB, d.Options, d.Guides, bar.show)
	bar.end()
	switch {
	case errors.Is(err, demo.ErrRealLeads):
		return fmt.Errorf("nothing was loaded: %w", err)
	case err != nil:
		return fmt.Errorf("%d guides and %d options were loaded; the same command goes on from there: %w", loaded.Guides, loaded.Options, err)
	case loaded == demo.Loaded{}:
		fmt.Fprintf(around.stdout, "Nothing to do: the %d sample guides and %d sample options are there already.\n", d.Guides, d.Options)
	default:
		fmt.Fprintf(around.stdout, "%d sample guides and %d sample options are published: %d and %d of them new or changed.\n",
			d.Guides, d.Options, loaded.Guides, loaded.Options)
	}
	return nil
}

// isTerminal reports whether a line written to w can be drawn over.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// progressBar is one line that is drawn over and over; where that cannot be, a line every 10 percent.
type progressBar struct {
	out     io.Writer
	redrawn bool
	total   int
	started time.Time
	tenths  int  // said so far
	open    bool // the line has no end yet
}

// show says that done of the total are done.
func (p *progressBar) show(done int) {
	passed := time.Since(p.started)
	each := passed / time.Duration(done)
	line := fmt.Sprintf("%3d%%  %d of %d  %.0f/s  %v left", 100*done/p.total, done, p.total,
		float64(done)/passed.Seconds(), (each * time.Duration(p.total-done)).Round(time.Second))
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
