package backup

import (
	"errors"
	"os"
	"syscall"
)

const (
	reserve    = 64 << 20 // bytes that a backup leaves free, since the database may be on the same disk
	checkEvery = 8 << 20  // bytes written between two looks
)

// ErrNoSpace means that a backup or a restore would fill the disk.
var ErrNoSpace = errors.New("the disk is full, or nearly so: make room, or choose another disk")

// spaceKeeper writes to a file as long as the disk has some space left.
type spaceKeeper struct {
	file      *os.File
	unchecked int // bytes until the next look
}

// Write writes, or returns ErrNoSpace.
func (k *spaceKeeper) Write(p []byte) (int, error) {
	if k.unchecked -= len(p); k.unchecked < 0 {
		var disk syscall.Statfs_t
		if err := syscall.Fstatfs(int(k.file.Fd()), &disk); err == nil && disk.Bavail*uint64(disk.Bsize) < reserve {
			return 0, ErrNoSpace
		}
		k.unchecked = checkEvery
	}
	n, err := k.file.Write(p)
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		err = ErrNoSpace
	}
	return n, err
}
