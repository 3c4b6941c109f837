package backup

import (
	"fmt"
	"os"
	"os/user"
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

// FolderOf returns the whole path of the folder of a file, so that people see which one it is.
func FolderOf(file string) string {
	folder := filepath.Dir(file)
	if whole, err := filepath.Abs(folder); err == nil {
		return whole
	}
	// The user may not even enter the folder that the command runs in, as after "runuser" in root's folder.
	return filepath.Join(os.Getenv("PWD"), folder)
}

// userName returns who runs this program, for messages.
func userName() string {
	if me, err := user.Current(); err == nil {
		return "the user " + me.Username
	}
	return fmt.Sprintf("the user %d", os.Geteuid())
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
