package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/backup"
	"tiebreak/internal/postgres"
	"tiebreak/migrations"
)

type backupCommand struct {
	File string `arg:"" help:"File to write. It must not exist."`
}

// Run writes a backup beside a running site.
func (c backupCommand) Run(ctx context.Context, p *program) error {
	if err := p.connect(ctx, "backup"); err != nil {
		return err
	}
	config, err := p.backupConfig()
	if err != nil {
		return err
	}
	began := time.Now()
	m, err := config.Write(ctx, c.File)
	if err != nil {
		return err
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d leads, %s, %s%s.\n", c.File, m.Rows("leads"), size(info.Size()), time.Since(began).Round(time.Second/10),
		map[bool]string{true: ", encrypted"}[config.Key.Set()])
	return nil
}

// size returns a number of bytes for people.
func size(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}

// backupConfig returns what backups of this program's database need.
func (p *program) backupConfig() (backup.Config, error) {
	key, err := backup.ParseKey(p.BackupKey)
	return backup.Config{DB: p.db, Key: key, Bin: p.PGBin, Program: version(), Log: p.log}, err
}

// backUpBeforeMigration makes a backup of the private database if its schema is about to be updated.
func (p *program) backUpBeforeMigration(ctx context.Context) error {
	from, to, err := p.db.PendingMigrations(ctx)
	if err != nil || p.cluster == nil || from == 0 || from >= to {
		return err
	}
	config, err := p.backupConfig()
	if err != nil {
		return err
	}
	if err := backup.MakeFolder(p.BackupFolder()); err != nil {
		return err
	}
	file := filepath.Join(p.BackupFolder(), backup.BeforeMigration(time.Now(), from, config.Key))
	if _, err := config.Replace(ctx, file); err != nil {
		return fmt.Errorf("no backup could be made before the update of the schema, which was left alone: %w", err)
	}
	p.log.Info("a backup was made before the update of the schema", "file", file)
	return nil
}

// keeper returns what makes backups by itself, nil without a folder for them.
func (p *program) keeper() (*backup.Keeper, error) {
	folder := p.BackupFolder()
	if folder == "" {
		return nil, nil
	}
	config, err := p.backupConfig()
	if err != nil {
		return nil, err
	}
	return backup.NewKeeper(config, folder)
}

type restoreCommand struct {
	File     string `arg:"" help:"Backup to restore."`
	Erasures string `placeholder:"FILE" help:"Ledger of erasures, erasures.log in the folder of the backups. If not set: the one beside the backup."`
	Drill    bool   `help:"Restore into a PostgreSQL made for this, compare, report and remove it again. Touches no other database."`
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
	if err := p.connect(ctx, "restore"); err != nil {
		return err
	}
	config.DB = p.db
	r, err := config.Restore(ctx, f, ledger)
	if err != nil {
		return fmt.Errorf("%s: %w", p.databasePlace(), err)
	}
	printContents(f)
	fmt.Printf("Restored into %s in %s. Every table is as it was in the backup.\n", p.databasePlace(),
		r.Took.Round(time.Second/10))
	if found {
		fmt.Printf("Leads erased again, as the ledger says: %d.\n", r.Erased)
	} else {
		fmt.Print("No ledger of erasures was found: leads that were erased after the backup was made are back.\n" +
			"If you have an erasures.log, restore into another empty database with --erasures.\n")
	}
	if r.OnHold > 0 {
		fmt.Printf("Emails that were waiting: %d. A member sends or cancels them under Outgoing email.\n", r.OnHold)
	}
	fmt.Println("Everybody has to sign in again, with the password and the role of the time of the backup: check the team.")
	return nil
}

// ledger reads the ledger that is named, or else the one beside the backup or in the folder of the backups, if it is there.
func (c restoreCommand) ledger(p *program) (list []postgres.Erasure, found bool, err error) {
	if c.Erasures != "" {
		list, err := backup.ReadLedger(c.Erasures)
		return list, true, err
	}
	for _, folder := range []string{filepath.Dir(c.File), p.BackupFolder()} {
		list, err := backup.ReadLedger(filepath.Join(folder, backup.LedgerName))
		if !errors.Is(err, os.ErrNotExist) {
			return list, true, err
		}
	}
	return nil, false, nil
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
