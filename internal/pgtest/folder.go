package pgtest

import (
	"os"
	"syscall"
	"testing"
)

// memory is where Linux keeps files in memory. A cluster is a thousand small files that soon go again, and on a disk they take
// longer to make than many a test takes.
const memory = "/dev/shm"

// enough is the memory in bytes that has to be free for that: many containers have 64 MB.
const enough = 2 << 30

// Folder returns a short-named folder of the test's own that PostgreSQL's user may enter.
func Folder(t testing.TB) string {
	t.Helper()
	folder, err := NewFolder()
	must(t, err)
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// NewFolder makes such a folder for all tests of a package. Their TestMain removes it.
func NewFolder() (string, error) {
	folder, err := os.MkdirTemp(parent(), "tb")
	if err != nil {
		return "", err
	}
	return folder, os.Chmod(folder, 0o755)
}

// parent returns the folder for temporary files: the one in memory if it has room, else "", which is the system's.
func parent() string {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(memory, &disk); err != nil || disk.Bavail*uint64(disk.Bsize) < enough {
		return ""
	}
	return memory
}
