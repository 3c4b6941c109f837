package pgembed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// initPrefix starts the names of folders in which initdb works.
const initPrefix = "init-"

// initdb makes the cluster aside and puts it in place with a rename: data is whole or not there.
func (l location) initdb(ctx context.Context, b binaries, fast bool) error {
	folder, err := os.MkdirTemp(l.root, initPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := l.account.chown(folder); err != nil {
		return err
	}
	if err := l.runInitdb(ctx, b, folder, fast); err != nil {
		return err
	}
	if err := l.writeAccess(folder); err != nil {
		return err
	}
	// A rename does not replace a folder; one with files in it was refused before.
	if err := os.Remove(l.data()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(folder, l.data()); err != nil {
		return err
	}
	return syncPath(l.root)
}

// runInitdb prefers C.UTF-8, which knows how to lower an Ü; old systems have only C.
func (l location) runInitdb(ctx context.Context, b binaries, folder string, fast bool) error {
	var out string
	for _, locale := range []string{"C.UTF-8", "C"} {
		args := []string{"-D", folder, "-U", databaseUser, "-E", "UTF8", "--locale=" + locale, "--auth=peer"}
		if fast {
			args = append(args, "--no-sync")
		}
		var err error
		out, err = l.account.runToEnd(ctx, b.path("initdb"), args...)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !strings.Contains(out, "invalid locale") {
			break
		}
	}
	if strings.Contains(out, "No space left on device") {
		return fmt.Errorf("cannot make a database in %s: the disk is full: make room, or choose another folder with "+
			"TIEBREAK_DATA",
			l.shown)
	}
	return fmt.Errorf("cannot make a database in %s: initdb says: %s", l.shown, lastLines(out))
}

// runToEnd runs a program that dies with us, and with ctx, and returns what it printed.
func (a account) runToEnd(ctx context.Context, program string, args ...string) (string, error) {
	cmd := a.command(ctx, program, args...)
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) } // its children too
	dieWithParent(cmd.SysProcAttr, syscall.SIGKILL)

	// The death signal follows the thread that forked, not the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := cmd.CombinedOutput()
	return string(out), errors.Join(ctx.Err(), err)
}

// writeAccess lets the account and root connect as the database's user, by their operating system account: there is no password
// to keep.
func (l location) writeAccess(folder string) error {
	for name, text := range map[string]string{
		"pg_hba.conf":   "local all all peer map=embedded\n",
		"pg_ident.conf": fmt.Sprintf("embedded \"%s\" %s\nembedded root %s\n", l.account.name, databaseUser, databaseUser),
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := syncPath(path); err != nil {
			return err
		}
	}
	return nil
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Sync()
}

// removeUnfinished removes what an initdb that was killed left; data itself it never touches.
func (l location) removeUnfinished() error {
	entries, err := os.ReadDir(l.root)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		folder := filepath.Join(l.root, entry.Name())
		if !strings.HasPrefix(entry.Name(), initPrefix) {
			continue
		}
		if _, err := stopOrphans(l.account, folder); err != nil {
			return err
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}
