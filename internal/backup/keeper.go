package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// Keeper makes a backup each night and a drill each week, deletes old backups and keeps the ledger. Several instances may each
// have one: a lock in the database lets one of them make the night's backup.
type Keeper struct {
	Config
	Folder string
	Ledger *Ledger
}

// lookEvery is how often a Keeper looks what is due.
const lookEvery = time.Minute

// NewKeeper removes what a drill that died left in the folder: it is not encrypted.
func NewKeeper(c Config, folder string) (*Keeper, error) {
	if err := os.Remove(drillCopy(folder)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &Keeper{Config: c, Folder: folder, Ledger: NewLedger(folder)}, nil
}

// drillCopy is the backup that a drill reads if it cannot read the night's.
func drillCopy(folder string) string { return filepath.Join(folder, "drill.backup") }

// Run does what is due until ctx ends.
func (k *Keeper) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		k.Keep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// NoteErasures has the ledger tell of the leads that were just erased.
func (k *Keeper) NoteErasures(ctx context.Context) error { return k.Ledger.Update(ctx, k.DB) }

// Keep does the work that is due now, and logs failures. It waits for a database that is away.
func (k *Keeper) Keep(ctx context.Context) {
	if k.DB.Away() {
		return
	}
	if err := k.Ledger.Update(ctx, k.DB); err != nil && ctx.Err() == nil {
		k.Log.Warn("ledger of erasures", "error", err)
	}
	night, due, err := k.DB.BackupDue(ctx)
	if err != nil && ctx.Err() == nil {
		k.Log.Warn("backup", "error", err)
	}
	if err != nil {
		return
	}
	if err := prune(k.Folder, night); err != nil {
		k.Log.Warn("old backups", "error", err)
	}
	if due {
		k.backUp(ctx, night)
	}
}

// backUp makes the night's backup, unless another instance does, and the week's drill.
func (k *Keeper) backUp(ctx context.Context, night time.Time) {
	path := filepath.Join(k.Folder, nightlyName(night, k.Key))
	made, err := k.nightly(ctx, path)
	if !made && err == nil || ctx.Err() != nil {
		return
	}
	k.record(ctx, postgres.NightlyBackup, path, err)
	if err != nil {
		return
	}
	due, err := k.DB.DrillDue(ctx)
	if err != nil || !due {
		return
	}
	err = k.drill(ctx, path)
	if ctx.Err() == nil {
		k.record(ctx, postgres.BackupDrill, path, err)
	}
}

// nightly makes the backup if no other instance does or did.
func (k *Keeper) nightly(ctx context.Context, path string) (made bool, err error) {
	s, err := k.DB.Snapshot(ctx)
	if err != nil {
		return false, err
	}
	defer s.Close()
	if free, err := s.TryBackupLock(ctx); err != nil || !free {
		return false, err
	}
	if _, due, err := k.DB.BackupDue(ctx); err != nil || !due {
		return false, err
	}
	_, err = k.writeSnapshot(ctx, s, path)
	return true, err
}

// drill restores the backup to try it. One that cannot be read with our key, a recipient, is written once more without it.
func (k *Keeper) drill(ctx context.Context, path string) error {
	config := k.Config
	if !k.Key.CanRead() {
		path, config.Key = drillCopy(k.Folder), Key{}
		defer os.Remove(path)
		if _, err := config.Write(ctx, path); err != nil {
			return err
		}
	}
	f, err := Open(path, config.Key)
	if err != nil {
		return err
	}
	_, err = config.Drill(ctx, f, k.Folder)
	return err
}

func (k *Keeper) record(ctx context.Context, kind postgres.BackupKind, path string, err error) {
	if err == nil {
		k.Log.Info("backup", "kind", kind, "file", path)
	} else {
		k.Log.Error("backup failed", "kind", kind, "error", err)
	}
	if err := k.DB.RecordBackup(ctx, kind, problemOf(err)); err != nil {
		k.Log.Warn("backup not recorded", "error", err)
	}
}

func problemOf(err error) postgres.BackupProblem {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrNoSpace):
		return postgres.NoSpace
	case errors.Is(err, pgembed.ErrNoTool):
		return postgres.NoProgram
	}
	return postgres.OtherProblem
}
