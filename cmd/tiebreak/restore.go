package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tiebreak/internal/backup"
	"tiebreak/internal/postgres"
	"tiebreak/migrations"
)

type restoreCommand struct {
	File     string `arg:"" help:"Backup to restore."`
	Erasures string `placeholder:"FILE" help:"Ledger of erasures, erasures.log in the folder of the backups. If not set: the one in the folder of the backup."`
	Drill    bool   `help:"Restore into a temporary PostgreSQL, compare every table and report. Touches no other database."`
}

// Run restores a backup, or tries it.
func (c restoreCommand) Run(ctx context.Context, p *program) error {
	config, err := p.backupConfig()
	if err != nil {
		return err
	}
	f, err := backup.Open(c.File, config.Key)
	if err != nil {
		return err
	}
	if newest := migrations.Newest(); f.Schema > newest {
		return fmt.Errorf("%s was made by a newer program (%s): its schema is %d, and this program knows schemas up to "+
			"%d. Use that "+
			"program", c.File, f.Program, f.Schema, newest)
	}
	if c.Drill {
		return c.drill(ctx, config, f)
	}
	ledger, found, err := c.ledger(p)
	if err != nil {
		return err
	}
	if !found {
		fmt.Printf("No %s was found in %s. Leads that were erased after the backup was made may be back.\n"+
			"If you have that file, stop this with Ctrl-C and name the file with --erasures.\n",
			backup.LedgerName, strings.Join(c.ledgerFolders(p), " or "))
	}
	r, err := p.restore(ctx, config, f, ledger)
	if err != nil {
		return err
	}
	p.printRestored(f, r, found)
	return nil
}

// printRestored says what was restored and what is to be done next; found says whether there was a ledger of erasures.
func (p *program) printRestored(f *backup.File, r backup.Report, found bool) {
	printContents(f)
	fmt.Printf("Restored into %s in %s. Every table is as it was in the backup.\n", p.databasePlace(),
		r.Took.Round(time.Second/10))
	if found {
		fmt.Printf("Leads erased again, as the ledger says: %d.\n", r.Erased)
	} else {
		fmt.Print("No leads were erased again, without an erasures.log. If you have that file, restore into another empty " +
			"database with --erasures.\n")
	}
	if r.OnHold > 0 {
		fmt.Printf("Emails that were waiting: %d. A member sends or cancels them under Outgoing email.\n", r.OnHold)
	}
	fmt.Println("Everybody has to sign in again, with the password and the role of the time of the backup: check the team.")
}

// restoreMark is a file in the data folder while a private database is being made for a restore: nothing may fill it before.
func restoreMark(folder string) string { return filepath.Join(folder, "unfinished-restore") }

// restore restores into the database of the settings.
func (p *program) restore(ctx context.Context, c backup.Config, f *backup.File, ledger []postgres.Erasure) (
	r backup.Report, err error,
) {
	remedy := "create another empty database"
	if p.DatabaseURL == "" {
		remedy = "set TIEBREAK_DATA to a new folder"
		folder, _ := p.DataFolder()
		if err := markRestore(folder); err != nil {
			return r, err
		}
		defer os.Remove(restoreMark(folder)) // from then on a table in the database is the mark
	}
	if err := p.connect(ctx, "restore"); err != nil {
		return r, err
	}
	if err := p.warnOfEncoding(ctx); err != nil {
		return r, err
	}
	c.DB = p.db
	r, err = c.Restore(ctx, f, ledger)
	if errors.Is(err, postgres.ErrNotEmpty) {
		return r, fmt.Errorf("%s: %w: %s", p.databasePlace(), err, remedy)
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w", p.databasePlace(), err)
	}
	return r, nil
}

// markRestore makes the mark, unless the folder holds a database already. The data folder is open for entry whatever the umask
// is: PostgreSQL's user has to pass it.
func markRestore(folder string) error {
	if _, err := os.Stat(filepath.Join(folder, "pg")); err == nil {
		return nil
	}
	if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.Chmod(folder, 0o755)); err != nil {
			return err
		}
	}
	return os.WriteFile(restoreMark(folder), nil, 0o600)
}

// ledger reads the ledger that is named, or else one in the folder of this backup or of the nightly ones, if it is there.
func (c restoreCommand) ledger(p *program) (list []postgres.Erasure, found bool, err error) {
	if c.Erasures != "" {
		list, err := backup.ReadLedger(c.Erasures)
		return list, true, err
	}
	for _, folder := range c.ledgerFolders(p) {
		list, err := backup.ReadLedger(filepath.Join(folder, backup.LedgerName))
		if !errors.Is(err, os.ErrNotExist) {
			return list, true, err
		}
	}
	return nil, false, nil
}

// ledgerFolders lists the folders that may hold the ledger: of the backup, and of the nightly ones if there is one.
func (c restoreCommand) ledgerFolders(p *program) []string {
	folders := []string{backup.FolderOf(c.File)}
	if nightly := p.BackupFolder(); nightly != "" && nightly != folders[0] {
		folders = append(folders, nightly)
	}
	return folders
}

func (restoreCommand) drill(ctx context.Context, config backup.Config, f *backup.File) error {
	folder, err := os.MkdirTemp("", "tiebreak-drill-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	r, err := config.Drill(ctx, f, folder)
	if err != nil {
		return err
	}
	printContents(f)
	fmt.Printf("The backup can be restored: every table is as it was, in %s.\n", r.Took.Round(time.Second/10))
	return nil
}

// printContents says what a backup holds.
func printContents(f *backup.File) {
	fmt.Printf("%s, made on %s by Tiebreak %s, PostgreSQL %d, schema %d\n  %d leads, %d events in their history, %d versions "+
		"of guides\n",
		f.Path, f.MadeAt.Format("2006-01-02 15:04 MST"), f.Program, f.PostgreSQL, f.Schema, f.Rows("leads"),
		f.Rows("lead_history"), f.Rows("editions"))
}
