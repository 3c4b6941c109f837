package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// Report says what a restore did.
type Report struct {
	Took   time.Duration
	Erased int // leads of the ledger that the backup still held
	postgres.Restored
}

// Restore fills the empty database of c with the backup, or changes nothing. Then it compares every table with the manifest,
// updates the schema, erases again what the ledger names, and puts the emails that were waiting on hold. Nothing is served before
// all of that is done; a restore that was interrupted goes on when it is run again.
func (c Config) Restore(ctx context.Context, f *File, ledger []postgres.Erasure) (r Report, err error) {
	began := time.Now()
	release, err := c.DB.LockRestore(ctx)
	if err != nil {
		return r, err
	}
	defer release()
	stage, err := c.DB.BeginRestore(ctx, f.Checksum)
	if err != nil {
		return r, err
	}
	if err := c.fill(ctx, f, stage); err != nil {
		return r, err
	}
	if err := c.DB.Migrate(ctx, c.Log); err != nil {
		return r, err
	}
	if r.Erased, err = c.DB.EraseAgain(ctx, ledger); err != nil {
		return r, fmt.Errorf("erase again: %w", err)
	}
	if r.Restored, err = c.DB.PrepareRestored(ctx); err != nil {
		return r, err
	}
	r.Took = time.Since(began)
	return r, c.DB.FinishRestore(ctx)
}

// fill loads the rows and compares them, as far as that was not done before.
func (c Config) fill(ctx context.Context, f *File, stage postgres.RestoreStage) error {
	if stage == postgres.RestoreEmpty {
		if err := c.load(ctx, f); err != nil {
			return err // the transaction left nothing behind
		}
	}
	if stage == postgres.RestoreCompared {
		return nil
	}
	return c.compare(ctx, f)
}

// compare compares the tables of the restored database with those of the backup.
func (c Config) compare(ctx context.Context, f *File) error {
	s, err := c.DB.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	tables, err := s.Tables(ctx)
	if err != nil {
		return err
	}
	if differ := differences(f.Tables, tables); len(differ) > 0 {
		return fmt.Errorf("%w: %s", ErrDiffers, strings.Join(differ, ", "))
	}
	return c.DB.RestoreIsCompared(ctx)
}

// ErrDiffers means that restored tables are not as they were when the backup was made.
var ErrDiffers = errors.New("restored tables differ from those in the backup; make the database empty and restore another backup")

// differences names the tables that are not the same in both lists.
func differences(want, got []postgres.TableDigest) (names []string) {
	for _, t := range want {
		if !slices.Contains(got, t) {
			names = append(names, t.Table)
		}
	}
	for _, t := range got {
		if !slices.ContainsFunc(want, func(w postgres.TableDigest) bool { return w.Table == t.Table }) {
			names = append(names, t.Table)
		}
	}
	return names
}

// load has pg_restore load the archive in one transaction.
func (c Config) load(ctx context.Context, f *File) error {
	s, err := c.DB.Server(ctx)
	if err != nil {
		return err
	}
	program, err := pgembed.Tool(c.Bin, "pg_restore", max(s.Major, f.PostgreSQL))
	if err != nil {
		return err
	}
	contents, err := c.contents(ctx, program, f)
	if err != nil {
		return err
	}
	defer os.Remove(contents)
	restore := exec.CommandContext(ctx, program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
		"--use-list="+contents, "--dbname=")
	restore.Env = append(os.Environ(), s.Environment...)
	return f.feed(restore)
}

// extensionComment is a line of an archive's list of contents.
var extensionComment = regexp.MustCompile(`(?m)^[^;\n].* COMMENT - EXTENSION .*\n`)

// contents writes the list of what pg_restore is to load to a file: all but comments on extensions, which only their owner may
// change, and on a server that is often an administrator.
func (c Config) contents(ctx context.Context, program string, f *File) (path string, err error) {
	list := exec.CommandContext(ctx, program, "--list")
	var contents bytes.Buffer
	list.Stdout = &contents
	if err := f.feed(list); err != nil {
		return "", err
	}
	file, err := os.CreateTemp("", "tiebreak-restore-")
	if err != nil {
		return "", err
	}
	_, err = file.Write(extensionComment.ReplaceAll(contents.Bytes(), nil))
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

// feed runs one of PostgreSQL's programs with the archive as its input. A program may stop reading before the end.
func (f *File) feed(program *exec.Cmd) error {
	in, err := program.StdinPipe()
	if err != nil {
		return err
	}
	var said bytes.Buffer
	program.Stderr = &said
	if err := program.Start(); err != nil {
		return err
	}
	fed := f.Archive(in)
	_ = in.Close()
	if err := program.Wait(); err != nil {
		return toolError("pg_restore", err, said.String())
	}
	if errors.Is(fed, syscall.EPIPE) {
		return nil
	}
	return fed
}
