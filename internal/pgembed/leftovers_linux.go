package pgembed

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// clearLeftovers makes way for a start after a crash. We have the lock, so whatever still works on the
// data is an orphan. postgres cannot tell by itself: to it the id of a zombie, or one that another
// program got since, looks like a postgres that runs, and it refuses to start.
func (k *keeper) clearLeftovers() error {
	data := k.home.data()
	alone, err := stopLeftovers(k.home.account, data)
	if err != nil {
		return err
	}
	if !alone {
		k.log.Warn("cannot tell whether an old PostgreSQL still runs; leaving that to the new one", "folder", k.home.root)
		return nil
	}
	sockets := []string{k.socket}
	if file, ok := readPidFile(data); ok && file.socket != k.socket {
		sockets = append(sockets, file.socket)
	}
	for _, folder := range sockets {
		os.Remove(filepath.Join(folder, socketName))
		os.Remove(filepath.Join(folder, socketName+".lock"))
	}
	for _, folder := range sockets[1:] {
		k.home.removeShortFolder(folder)
	}
	err = os.Remove(filepath.Join(data, "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// stopLeftovers stops every postgres that works in a folder: the postmaster in good order if it lives,
// then all at once. It reports whether the folder is known to be free of them.
func stopLeftovers(a account, folder string) (alone bool, err error) {
	file, _ := readPidFile(folder)
	isPostmaster := func(pid int) bool { return pid == file.pid }
	isAny := func(int) bool { return true }
	for _, step := range []struct {
		signal   syscall.Signal
		whom     func(pid int) bool
		patience time.Duration
	}{
		{unix.SIGINT, isPostmaster, 15 * time.Second},
		{unix.SIGQUIT, isAny, 5 * time.Second},
		{unix.SIGKILL, isAny, 5 * time.Second},
	} {
		pids, _ := postgresIn(a, folder)
		signalled := false
		for _, pid := range pids {
			if step.whom(pid) {
				unix.Kill(pid, step.signal)
				signalled = true
			}
		}
		if signalled {
			waitGone(a, folder, step.patience)
		}
	}
	pids, sure := postgresIn(a, folder)
	if len(pids) > 0 {
		return false, fmt.Errorf("an old PostgreSQL (processes %v) still uses %s and does not stop", pids, folder)
	}
	return sure, nil
}

func waitGone(a account, folder string, patience time.Duration) {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if pids, _ := postgresIn(a, folder); len(pids) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// postgresIn lists the living processes of postgres whose working folder is the given one: that is how
// each of them can be known, a shell that somebody left there is none. It is not sure of the list when
// the working folder of one that may be meant cannot be seen.
func postgresIn(a account, folder string) (pids []int, sure bool) {
	want, err := os.Stat(folder)
	if err != nil {
		return nil, errors.Is(err, fs.ErrNotExist)
	}
	sure = true
	a.look(func() {
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

// look runs something with the account's file rights. In a container root often may not see the working
// folder of another user's process, while that user may.
func (a account) look(something func()) {
	if !a.another() {
		something()
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
	something()
}
