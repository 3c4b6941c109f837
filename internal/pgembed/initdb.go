package pgembed

import (
	"bytes"
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
func (h home) initdb(ctx context.Context, b binaries, fast bool) error {
	folder, err := os.MkdirTemp(h.root, initPrefix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := h.account.own(folder); err != nil {
		return err
	}
	if err := h.runInitdb(ctx, b, folder, fast); err != nil {
		return err
	}
	if err := h.writeAccess(folder); err != nil {
		return err
	}
	// A rename does not replace a folder; one with files in it was refused before.
	if err := os.Remove(h.data()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(folder, h.data()); err != nil {
		return err
	}
	return syncPath(h.root)
}

// runInitdb prefers C.UTF-8, which knows how to lower an Ü; old systems have only C.
func (h home) runInitdb(ctx context.Context, b binaries, folder string, fast bool) error {
	var out string
	for _, locale := range []string{"C.UTF-8", "C"} {
		args := []string{"-D", folder, "-U", databaseUser, "-E", "UTF8", "--locale=" + locale, "--auth=peer"}
		if fast {
			args = append(args, "--no-sync")
		}
		var err error
		out, err = h.account.runToEnd(ctx, b.path("initdb"), args...)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !strings.Contains(out, "invalid locale") {
			break
		}
	}
	return fmt.Errorf("cannot make a database in %s: initdb says: %s", h.shown, lastLines(out))
}

// runToEnd runs a program that dies with us, and with ctx, and returns what it said.
func (a account) runToEnd(ctx context.Context, program string, args ...string) (string, error) {
	cmd := a.command(program, args...)
	dieWithParent(cmd.SysProcAttr, syscall.SIGKILL)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out

	// The death signal follows the thread that forked, not the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return "", err
	}
	defer context.AfterFunc(ctx, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })()
	err := cmd.Wait()
	return out.String(), errors.Join(ctx.Err(), err)
}

// writeAccess lets the account and root in as the database's user, by their operating system account: no password to keep.
func (h home) writeAccess(folder string) error {
	identities := fmt.Sprintf("embedded \"%s\" %s\nembedded root %s\n", h.account.name, databaseUser, databaseUser)
	for name, text := range map[string]string{
		"pg_hba.conf":   "local all all peer map=embedded\n",
		"pg_ident.conf": identities,
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
func (h home) removeUnfinished() error {
	entries, err := os.ReadDir(h.root)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), initPrefix) {
			continue
		}
		folder := filepath.Join(h.root, entry.Name())
		if _, err := stopLeftovers(h.account, folder); err != nil {
			return err
		}
		if err := os.RemoveAll(folder); err != nil {
			return err
		}
	}
	return nil
}
