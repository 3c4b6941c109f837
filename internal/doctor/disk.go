package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"syscall"

	"tiebreak/internal/health"
)

// A disk should have so much free: a backup stops at 64 MiB, and PostgreSQL stops on a full disk.
const (
	diskLow  = 1 << 30
	diskFull = 256 << 20
)

// Free returns the bytes that are free on the disk of the folder.
func Free(folder string) (int64, error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil
}

// Folders returns the folders of the site on this machine, by what is in them.
func (c Config) Folders() map[string]string {
	folders := map[string]string{"data": c.DataFolder, "database": c.DatabaseFolder, "backup": c.BackupFolder}
	maps.DeleteFunc(folders, func(_, folder string) bool { return folder == "" })
	return folders
}

// checkDisk looks how much is free on the disk of a folder, which what names.
func checkDisk(what, folder string) health.Finding {
	if folder == "" {
		return health.Skipped("No "+what+" is set.", "")
	}
	free, err := Free(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return health.Skipped(fmt.Sprintf("The %s %s is not there yet.", what, folder), "")
	case err != nil:
		return health.Warn(fmt.Sprintf("The %s %s cannot be looked at: %v.", what, folder, err),
			"Check its disk and its owner.")
	}
	words := fmt.Sprintf("%s is free on the disk of the %s %s.", size(free), what, folder)
	switch {
	case free < diskFull:
		return health.Fail("Only "+words, "Make room at once, or move the folder to a larger disk.")
	case free < diskLow:
		return health.Warn("Only "+words, "Make room, or move the folder to a larger disk.")
	}
	return health.Good(words)
}

// checkDatabaseDisk looks how much is free where the database is, if that is on this machine and known.
func (d *Doctor) checkDatabaseDisk(s stateRead) health.Finding {
	folder := d.DatabaseFolder
	if folder == "" && d.DB.OnThisMachine() {
		folder = s.DataFolder
	}
	if folder == "" {
		return health.Skipped(fmt.Sprintf("The database holds %s. Its disk cannot be seen from here.", size(s.Size)),
			"Watch the disk of the database's server.")
	}
	return checkDisk("database folder", folder)
}
