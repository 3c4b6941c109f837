package backup

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// MakeFolder makes a folder for backups that only its owner can read, unless it is there.
func MakeFolder(folder string) error {
	err := os.Mkdir(folder, 0o700)
	if err == nil {
		return giveToOwner(folder)
	}
	if info, other := os.Stat(folder); other == nil && info.IsDir() {
		return nil
	}
	return fmt.Errorf("folder for backups: %w: choose another one with TIEBREAK_BACKUP_DIR", err)
}

// giveToOwner gives what root made to the owner of the folder it is in, who runs the site and has to write there too.
func giveToOwner(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}
