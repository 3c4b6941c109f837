package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/backup"
)

type backupCommand struct {
	File string `arg:"" help:"File to write. It must not exist."`
}

// Run writes a backup. The site can be in use.
func (c backupCommand) Run(ctx context.Context, p *program) error {
	if c.File == "-" {
		return errors.New("a backup is written to a file: name one")
	}
	if err := p.connect(ctx, "backup"); err != nil {
		return err
	}
	if err := p.db.CheckRestore(ctx); err != nil {
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
	folder, err := p.readyBackupFolder()
	if err != nil {
		return err
	}
	file := filepath.Join(folder, backup.BeforeMigration(time.Now(), from, config.Key))
	if _, err := config.Replace(ctx, file); err != nil {
		return fmt.Errorf("no backup could be made before the update of the schema, which was left alone: %w", err)
	}
	p.log.Info("a backup was made before the update of the schema", "file", file)
	return nil
}

// readyBackupFolder returns the folder for backups, "" without one. It makes the one in the data folder.
func (p *program) readyBackupFolder() (folder string, err error) {
	if folder = p.BackupFolder(); folder != "" {
		err = backup.MakeFolder(folder)
	}
	return folder, err
}

// noteErasures has the ledger tell of the leads that were just erased.
func (p *program) noteErasures(ctx context.Context) error {
	folder, err := p.readyBackupFolder()
	if err != nil || folder == "" {
		return err
	}
	return backup.NewLedger(folder).Update(ctx, p.db)
}

// backups returns what makes backups by itself, nil without a folder for them.
func (p *program) backups() (*backup.Keeper, error) {
	folder, err := p.readyBackupFolder()
	if err != nil || folder == "" {
		return nil, err
	}
	config, err := p.backupConfig()
	if err != nil {
		return nil, err
	}
	return backup.NewKeeper(config, folder)
}

// backupPlace returns where nightly backups go, for the start lines.
func (p *program) backupPlace() string {
	switch {
	case p.BackupFolder() == "":
		return "none: set TIEBREAK_BACKUP_DIR to make backups each night"
	case p.BackupKey == "":
		return p.BackupFolder() + ", each night"
	}
	return p.BackupFolder() + ", each night, encrypted"
}
