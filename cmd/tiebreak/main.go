// Command tiebreak is the site and everything that its keepers do with it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/text"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// commands is the whole command line; help/commands.md describes each.
type commands struct {
	config.Config `group:"settings"`

	Serve   serveCommand   `cmd:"" help:"Serve the site."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this version's schema, or say how far it is."`
	Guide   struct {
		New    guideNewCommand    `cmd:"" help:"Print a commented example of a guide, or of an option, to start from."`
		Check  guideCheckCommand  `cmd:"" help:"List all problems in YAML files. Needs no database."`
		Import guideImportCommand `cmd:"" help:"Import YAML files."`
		Export guideExportCommand `cmd:"" help:"Write guides and their options as YAML files."`
		List   guideListCommand   `cmd:"" help:"List all guides: published, drafts and former addresses."`
	} `cmd:"" help:"Guides, options and the site's identity as YAML files."`
	Staff struct {
		List    staffListCommand    `cmd:"" help:"List the members: role, state, when they were last here."`
		Add     staffAddCommand     `cmd:"" help:"Add a member of the staff; the password is read from standard input."`
		Disable staffDisableCommand `cmd:"" help:"Keep a member out from now on; refuses the last active admin."`
		Reset   staffResetCommand   `cmd:"" help:"Give a member another password, read from standard input, take their second factors away and let them in again."`
	} `cmd:"" help:"The team."`
	Lead struct {
		List   leadListCommand   `cmd:"" help:"List every lead in every state."`
		Export leadExportCommand `cmd:"" help:"Write leads to standard output, whole, as CSV or JSON."`
		Erase  leadEraseCommand  `cmd:"" help:"Delete everything typed about a lead, for ever."`
	} `cmd:"" help:"Project requests."`
	Demo    demoCommand    `cmd:"" help:"Fill the database with sample guides and leads; refuses one that holds real leads."`
	Help    helpCommand    `cmd:"" help:"List the topics of the manual, or print one of them."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// surroundings are what a command reads from and writes to.
type surroundings struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

func main() {
	os.Exit(run(untilStopped(), os.Args[1:], surroundings{os.Stdin, os.Stdout, os.Stderr}))
}

// untilStopped returns a context that ends with the first signal to stop. A second signal ends the program at once. A
// terminal that closes stops the program too, unless it was started to outlive it, as with nohup.
func untilStopped() context.Context {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, stop)
	return ctx
}

func run(ctx context.Context, args []string, around surroundings) int {
	var c commands
	left := -1 // the exit code that help asked for
	parser, err := kong.New(&c,
		kong.Name("tiebreak"),
		kong.Description("Decision guides with sources, and an intake that keeps its promise."),
		// Commands and a command's own flags come before the settings, which all of them share.
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: `Settings of all commands (see "tiebreak help settings"):`}}),
		kong.ConfigureHelp(kong.HelpOptions{FlagsLast: true}),
		kong.Writers(around.stdout, around.stderr),
		kong.Exit(func(code int) { left = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(around))
	if err != nil {
		return failed(around, err)
	}
	parsed, err := parser.Parse(args)
	if left >= 0 {
		return left
	}
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		fmt.Fprintf(around.stderr, "tiebreak: %v\nRun \"tiebreak --help\" for the commands and settings.\n", err)
		return exitUsage
	}
	if err := parsed.Run(c.Config); err != nil {
		return failed(around, err)
	}
	return exitDone
}

// failed says what went wrong in one line a mistake.
func failed(around surroundings, err error) int {
	var invalid fault.Invalid
	if errors.As(err, &invalid) {
		for _, field := range invalid {
			fmt.Fprintf(around.stderr, "tiebreak: %s: %s\n", field.Name, text.OneLine(field.Message))
		}
		return exitFailed
	}
	fmt.Fprintf(around.stderr, "tiebreak: %s\n", text.OneLine(strings.Join(strings.Fields(err.Error()), " ")))
	return exitFailed
}
