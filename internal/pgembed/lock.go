package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lockTimeout is how long a command waits for the process that has the lock.
	lockTimeout = 10 * time.Second
	// serveTimeout is how long a serve waits for another one: the kernel takes a moment to free the lock of a process that was
	// killed.
	serveTimeout = time.Second
)

// lock is held by the one process that runs the cluster. The kernel frees it however that process ends.
type lock struct {
	file *os.File
}

// lockOrAttach takes the lock, or returns the socket of the cluster that its owner runs.
func (l location) lockOrAttach(ctx context.Context, command string) (*lock, string, error) {
	waiting, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	began := time.Now()
	for {
		taken, err := l.tryLock(command)
		if err != nil || taken != nil {
			return taken, "", err
		}
		pid, by := l.lockOwner()
		inUse := fmt.Errorf(`%s is already in use by "tiebreak %s" (process %d): stop it first, or give this one another folder `+
			"with TIEBREAK_DATA", l.shown, by, pid)
		if command != serveCommand {
			if socket, err := l.attach(waiting); err == nil {
				return nil, socket, nil
			}
			inUse = fmt.Errorf(`%s is in use by "tiebreak %s" (process %d), but its PostgreSQL does not answer: see %s/postgres.log`,
				l.shown, by, pid, l.shown)
		} else if by == serveCommand && time.Since(began) > serveTimeout {
			return nil, "", inUse
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-waiting.Done():
			if ctx.Err() != nil {
				return nil, "", ctx.Err()
			}
			return nil, "", inUse
		}
	}
}

// tryLock takes the lock and writes our name into it; nil if another process has it.
func (l location) tryLock(command string) (*lock, error) {
	file, err := l.openFile("lock", os.O_RDWR)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, file.Close()
	}
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintf(file, "%d %s\n", os.Getpid(), command)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("cannot lock %s: %w", l.shown, err)
	}
	return &lock{file}, nil
}

// release frees the lock. It removes our name first, so that nobody reads it as that of the next owner.
func (k *lock) release() {
	k.file.Truncate(0)
	k.file.Close()
}

// openFile opens or makes a file of the location and leaves it with the location's owner. It follows no link: root may be working
// in another user's folder.
func (l location) openFile(name string, flags int) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(l.root, name), flags|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if uid, gid, ok := owner(l.root); ok && uid != os.Geteuid() {
		err = file.Chown(uid, gid)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// lockOwner returns the process that has the lock and its command, as it wrote them. They are empty for the moment in which the
// lock is taken but not written yet.
func (l location) lockOwner() (pid int, command string) {
	text, _ := os.ReadFile(filepath.Join(l.root, "lock"))
	id, command, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	pid, err := strconv.Atoi(id)
	if err != nil {
		return 0, ""
	}
	return pid, command
}
