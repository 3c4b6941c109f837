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
	// patience is how long a command waits for the process that has the lock.
	patience = 10 * time.Second
	// grace is how long a serve waits for another one: the kernel takes a moment to free the lock of a
	// process that was killed.
	grace = time.Second
)

// lock is held by the one process that runs the cluster. The kernel frees it however that process ends.
type lock struct {
	file *os.File
}

// claim takes the lock, or finds the socket of the cluster that its holder runs.
func claim(ctx context.Context, h home, command string) (*lock, string, error) {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	for {
		l, err := h.tryLock(command)
		if err != nil || l != nil {
			return l, "", err
		}
		by := h.holder()
		if command == serveCommand && by.command == serveCommand && time.Since(began) > grace {
			return nil, "", by.inTheWay(h)
		}
		if command != serveCommand {
			if socket, err := h.attach(waiting); err == nil {
				return nil, socket, nil
			}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-waiting.Done():
			if ctx.Err() != nil {
				return nil, "", ctx.Err()
			}
			return nil, "", h.holder().stillThere(h, command)
		}
	}
}

// tryLock takes the lock and writes our name into it; nil if another process has it.
func (h home) tryLock(command string) (*lock, error) {
	file, err := h.openFile("lock", os.O_RDWR)
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
		return nil, fmt.Errorf("cannot lock %s: %w", h.shown, err)
	}
	return &lock{file}, nil
}

// release frees the lock. The name goes first: the next holder is not to be taken for us.
func (l *lock) release() {
	l.file.Truncate(0)
	l.file.Close()
}

// openFile opens or makes a file of the home and leaves it with the home's owner. Not through a link:
// root may be working in the folder of somebody else.
func (h home) openFile(name string, flags int) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(h.root, name), flags|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if uid, gid, ok := owner(h.root); ok && uid != os.Geteuid() {
		err = file.Chown(uid, gid)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// holder is the process that has the lock, as it wrote itself in.
type holder struct {
	pid     int
	command string
}

// holder is empty for the moment in which the lock is taken but not written yet.
func (h home) holder() holder {
	text, _ := os.ReadFile(filepath.Join(h.root, "lock"))
	pid, command, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	n, err := strconv.Atoi(pid)
	if err != nil {
		return holder{}
	}
	return holder{pid: n, command: command}
}

func (b holder) inTheWay(h home) error {
	return fmt.Errorf(`%s is already in use by "tiebreak %s" (process %d): stop it first, or give this one another folder with TIEBREAK_DATA`, h.shown, b.command, b.pid)
}

// stillThere says what was waited for in vain.
func (b holder) stillThere(h home, command string) error {
	if command == serveCommand {
		return b.inTheWay(h)
	}
	return fmt.Errorf(`%s is in use by "tiebreak %s" (process %d), but its PostgreSQL does not answer: see %s/postgres.log`,
		h.shown, b.command, b.pid, h.shown)
}
