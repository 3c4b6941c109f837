package backup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"tiebreak/internal/pgembed"
	"tiebreak/internal/postgres"
)

// Config is what writing and restoring need.
type Config struct {
	DB      *postgres.DB
	Key     Key
	Bin     string // folder of PostgreSQL's programs; "" searches for them
	Program string // version of Tiebreak, for the manifest
	Log     *slog.Logger
}

// Write writes a backup of the database as it is now to a new file. The site can be in use. A backup that fails leaves no file.
func (c Config) Write(ctx context.Context, path string) (Manifest, error) {
	if _, err := os.Lstat(path); err == nil {
		return Manifest{}, fmt.Errorf("%s: %w: choose another name", path, fs.ErrExist)
	}
	return c.Replace(ctx, path)
}

// Replace does the same, and replaces a file that is there once the new one is whole.
func (c Config) Replace(ctx context.Context, path string) (Manifest, error) {
	s, err := c.DB.Snapshot(ctx)
	if err != nil {
		return Manifest{}, err
	}
	defer s.Close()
	return c.writeSnapshot(ctx, s, path)
}

func (c Config) writeSnapshot(ctx context.Context, s *postgres.Snapshot, path string) (m Manifest, err error) {
	err = create(path, func(file io.Writer) error {
		out, err := c.Key.encrypt(file)
		if err != nil {
			return err
		}
		if m, err = c.dump(ctx, s, out); err != nil {
			return err
		}
		return out.Close()
	})
	return m, err
}

// dump writes the contents of a backup.
func (c Config) dump(ctx context.Context, s *postgres.Snapshot, out io.Writer) (Manifest, error) {
	m := Manifest{MadeAt: s.At.UTC(), Program: c.Program, Schema: s.Schema, PostgreSQL: s.Major}
	program, err := pgembed.Tool(c.Bin, "pg_dump", s.Major)
	if err != nil {
		return m, err
	}
	if m.Tables, err = s.Tables(ctx); err != nil {
		return m, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	args := []string{"--format=custom", "--no-owner", "--no-privileges", "--snapshot=" + s.Name}
	for _, table := range postgres.KeyTables {
		args = append(args, "--exclude-table-data="+table)
	}
	dump := exec.CommandContext(ctx, program, args...)
	dump.Env = append(os.Environ(), s.Environment...)
	var said bytes.Buffer
	dump.Stderr = &said
	archive, err := dump.StdoutPipe()
	if err != nil {
		return m, err
	}
	if err := dump.Start(); err != nil {
		return m, err
	}
	if err := writeFile(out, m, archive); err != nil {
		cancel()
		_ = dump.Wait() // it was stopped
		return m, err
	}
	if err := dump.Wait(); err != nil {
		return m, toolError("pg_dump", err, said.String())
	}
	return m, nil
}

// toolError returns what one of PostgreSQL's programs said when it failed.
func toolError(program string, err error, said string) error {
	if strings.Contains(said, "No space left on device") || strings.Contains(said, "could not extend file") {
		return ErrNoSpace
	}
	if said = strings.TrimSpace(said); said != "" {
		return fmt.Errorf("%s: %.1000s", program, said)
	}
	return fmt.Errorf("%s: %w", program, err)
}

// partSuffix ends the name of a file that is being written.
const partSuffix = ".part"

// create makes a file that is there only once fill has written all of it and the disk has it.
func create(path string, fill func(out io.Writer) error) (err error) {
	unfinished := path + partSuffix
	file, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s cannot write to the folder %s: %w: name a file in another folder", userName(), FolderOf(path),
			errors.Unwrap(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(unfinished))
		}
	}()
	out := bufio.NewWriterSize(&spaceKeeper{file: file}, 1<<20)
	if err := fill(out); err != nil {
		return err
	}
	if err := errors.Join(out.Flush(), file.Sync()); err != nil {
		return err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	return errors.Join(file.Close(), syncFolder(filepath.Dir(path)))
}

// syncFolder has the disk keep the names of new files.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// closer is a writer whose Close does nothing.
type closer struct{ io.Writer }

// Close does nothing.
func (closer) Close() error { return nil }

// encrypt returns a writer for what is to be in the file.
func (k Key) encrypt(file io.Writer) (io.WriteCloser, error) {
	if !k.Set() {
		return closer{file}, nil
	}
	return age.Encrypt(file, k.recipients...)
}
