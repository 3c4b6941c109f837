package pgembed

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dieWithParent has the kernel signal the child when we die, however we die.
func dieWithParent(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}

// removeLeftovers clears the way for a start after a crash: processes, sockets and the file with the process's id. We have the
// lock, so every process that still works on the data is an orphan. postgres cannot tell by itself: the id of a zombie, or one
// that another program has got since, looks to it like a running postgres, and it refuses to start.
func (c *Cluster) removeLeftovers() error {
	data := c.location.data()
	alone, err := stopOrphans(c.location.account, data)
	if err != nil {
		return err
	}
	pid := filepath.Join(data, "postmaster.pid")
	if _, err := os.Stat(pid); !alone && err == nil { // a new cluster, or one that stopped in good order, has no such file
		c.log.Warn("cannot tell whether an old PostgreSQL still runs; leaving that to the new one", "folder", c.location.root)
		return nil
	}
	removeSocket(c.socket)
	if file, ok := readPidFile(data); ok && file.socket != c.socket {
		removeSocket(file.socket)
		c.location.removeShortFolder(file.socket)
	}
	if err := os.Remove(pid); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func removeSocket(folder string) {
	os.Remove(filepath.Join(folder, socketName))
	os.Remove(filepath.Join(folder, socketName+".lock"))
}

// stopOrphans stops every postgres that works in a folder: the postmaster in good order if it lives, so that the next start needs
// no recovery, then all at once. It reports whether the folder is known to be free of them.
func stopOrphans(a account, folder string) (alone bool, err error) {
	pids, sure := postgresIn(a, folder)
	if file, ok := readPidFile(folder); ok && slices.Contains(pids, file.pid) {
		unix.Kill(file.pid, unix.SIGINT)
		pids, sure = awaitNone(a, folder, 15*time.Second)
	}
	for _, signal := range []syscall.Signal{unix.SIGQUIT, unix.SIGKILL} {
		for _, pid := range pids {
			unix.Kill(pid, signal)
		}
		pids, sure = awaitNone(a, folder, 5*time.Second)
	}
	if len(pids) > 0 {
		return false, fmt.Errorf("an old PostgreSQL (processes %v) still uses %s and does not stop", pids, folder)
	}
	return sure, nil
}

// awaitNone waits until postgresIn finds nothing, or for the limit, and returns what it found last.
func awaitNone(a account, folder string, limit time.Duration) (pids []int, sure bool) {
	for deadline := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		pids, sure = postgresIn(a, folder)
		if len(pids) == 0 || time.Now().After(deadline) {
			return pids, sure
		}
	}
}

// postgresIn lists the living processes of postgres whose working folder is the given one: all of a cluster's have that in
// common, and a shell that somebody left there is not called postgres. It is not sure of the list if it cannot see the working
// folder of a process that may belong to it.
func postgresIn(a account, folder string) (pids []int, sure bool) {
	want, err := os.Stat(folder)
	if err != nil {
		return nil, errors.Is(err, fs.ErrNotExist)
	}
	sure = true
	a.withFileRights(func() {
		entries, err := os.ReadDir("/proc")
		sure = err == nil
		for _, entry := range entries {
			pid, err := strconv.Atoi(entry.Name())
			if err != nil || !livesAsPostgres(pid) {
				continue
			}
			process := filepath.Join("/proc", entry.Name())
			has, err := os.Stat(filepath.Join(process, "cwd"))
			if err == nil && os.SameFile(has, want) {
				pids = append(pids, pid)
			}
			if uid, _, ok := owner(process); errors.Is(err, fs.ErrPermission) && ok && uid == a.uid {
				sure = false
			}
		}
	})
	return pids, sure
}

// livesAsPostgres reports whether a process is a postgres and no zombie.
func livesAsPostgres(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	name, rest, ok := bytes.Cut(stat, []byte(") "))
	return ok && bytes.HasSuffix(name, []byte("(postgres")) && rest[0] != 'Z' && rest[0] != 'X'
}

// withFileRights calls look with the account's file rights. In a container root often may not see the working folder of another
// user's process, while that user may.
func (a account) withFileRights(look func()) {
	if !a.another() {
		look()
		return
	}
	// These rights belong to the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	unix.Setfsgid(a.gid)
	unix.Setfsuid(a.uid)
	defer func() {
		unix.Setfsuid(os.Geteuid())
		unix.Setfsgid(os.Getegid())
	}()
	look()
}
