// Command tiebreak serves the site, and has the commands that its operators run.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	_ "golang.org/x/crypto/x509roots/fallback" // the authorities, where the system has none

	"tiebreak/internal/backup"
	"tiebreak/internal/config"
	"tiebreak/internal/fault"
	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
	"tiebreak/internal/systemd"
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
	Migrate migrateCommand `cmd:"" help:"Update the database schema. With the word status: list the migrations and when each was applied."`
	Guide   struct {
		New    guideNewCommand    `cmd:"" help:"Print a commented example of a guide, or of an option, to start from."`
		Check  guideCheckCommand  `cmd:"" help:"List all problems in YAML files. Needs no database."`
		Import guideImportCommand `cmd:"" help:"Import YAML files."`
		Export guideExportCommand `cmd:"" help:"Write guides and their options as YAML files."`
		List   guideListCommand   `cmd:"" help:"List all guides: published, drafts and former slugs."`
	} `cmd:"" help:"Guides, options and the site's identity as YAML files."`
	Staff struct {
		List    staffListCommand    `cmd:"" help:"List the members with their role, status and last visit."`
		Add     staffAddCommand     `cmd:"" help:"Add a member. Reads the password from standard input."`
		Disable staffDisableCommand `cmd:"" help:"Disable a member. You cannot disable the last active admin."`
		Reset   staffResetCommand   `cmd:"" help:"Set a new password, remove second factors and enable the member. Reads the password from standard input."`
	} `cmd:"" help:"The team."`
	Lead struct {
		List   leadListCommand   `cmd:"" help:"List every lead, whatever its status."`
		Export leadExportCommand `cmd:"" help:"Write leads to standard output as CSV or JSON."`
		Erase  leadEraseCommand  `cmd:"" help:"Permanently delete everything typed about a lead."`
	} `cmd:"" help:"Project requests."`
	Mail struct {
		Test mailTestCommand `cmd:"" help:"Send a test email, and report each step with the server and what DNS says about SPF and DMARC."`
	} `cmd:"" help:"Outgoing email."`
	Backup  backupCommand  `cmd:"" help:"Write a backup of everything into one file. The site can be in use. See: tiebreak help backup."`
	Restore restoreCommand `cmd:"" help:"Restore a backup into an empty database, or try whether that would work. See: tiebreak help backup."`
	Doctor  doctorCommand  `cmd:"" help:"Check the public address, the proxy, email, the database, the disks and the backups. Changes nothing."`
	Demo    demoCommand    `cmd:"" help:"Fill the database with sample guides and leads. Refuses a database with real leads."`
	Help    helpCommand    `cmd:"" help:"List the topics of the manual, or print one."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// program holds what a command works with: its settings, the log, and the database once it is open.
type program struct {
	config.Config
	log     *slog.Logger
	service systemd.Service
	cluster *pgembed.Cluster // nil with DATABASE_URL
	db      *postgres.DB
}

func main() { os.Exit(run(os.Args[1:])) }

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

// run runs the command that the arguments name and returns its exit code.
func run(args []string) int {
	var c commands
	p := &program{}
	ctx := untilStopped()
	unread := config.ReadFile(os.Getenv(config.FileVariable))
	helped := -1 // the exit code of a help flag
	parser, err := kong.New(&c,
		kong.Name("tiebreak"),
		kong.Description("Publish decision guides and answer project requests on time."),
		// Commands and a command's own flags come before the settings, which all of them share.
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: `Settings of all commands (see "tiebreak help settings"):`}}),
		kong.ConfigureHelp(kong.HelpOptions{FlagsLast: true}),
		kong.Exit(func(code int) { helped = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(p))
	if err != nil {
		return failed(err)
	}
	parsed, err := parser.Parse(args)
	if helped >= 0 {
		return helped
	}
	if err == nil && !strings.HasPrefix(parsed.Command(), "help") && parsed.Command() != "version" {
		err = c.wrongSettings(unread)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "tiebreak: %v\nRun \"tiebreak --help\" for the commands and settings.\n", err)
		return exitUsage
	}
	p.Config, p.log = c.Config, c.Logger(os.Stderr)
	p.service = systemd.New(p.log)
	err = errors.Join(parsed.Run(), p.close())
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.New("stopped before it was done: run the same command again")
	}
	if err != nil {
		return failed(err)
	}
	return exitDone
}

// wrongSettings returns every problem with the settings at once: first why the file of settings cannot be read.
func (c commands) wrongSettings(unread error) error {
	_, wrongKey := backup.ParseKey(c.BackupKey)
	return errors.Join(unread, c.Check(), wrongKey, postgres.CheckURL(c.DatabaseURL))
}

// failed prints what went wrong, one line for each mistake.
func failed(err error) int {
	var invalid fault.Invalid
	if errors.As(err, &invalid) {
		for _, field := range invalid {
			fmt.Fprintf(os.Stderr, "tiebreak: %s: %s\n", field.Name, text.OneLine(field.Message))
		}
		return exitFailed
	}
	message := err.Error()
	if errors.Is(err, syscall.EROFS) {
		message += ": the package's service may write to /var/lib/tiebreak only. To allow another folder, type " +
			"\"systemctl edit tiebreak\" and add two lines: [Service] and ReadWritePaths=FOLDER"
	}
	fmt.Fprintf(os.Stderr, "tiebreak: %s\n", text.OneLine(strings.Join(strings.Fields(message), " ")))
	return exitFailed
}
