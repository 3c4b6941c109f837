package mail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tiebreak/internal/lead"
)

// folder keeps mails as .eml files, where no SMTP server is set.
type folder string

func newFolder(path string) (folder, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("the folder for mail cannot be made: %w", err)
	}
	return folder(path), os.Chmod(path, 0o700)
}

// send writes the file whole or not at all. A repeat overwrites it.
func (f folder) send(_ context.Context, m message) error {
	unwritable := func(err error) error { return failure{lead.Unwritable, 0, err} }
	temporary, err := os.CreateTemp(string(f), ".mail-*")
	if errors.Is(err, fs.ErrNotExist) { // somebody removed the folder
		if _, err = newFolder(string(f)); err == nil {
			temporary, err = os.CreateTemp(string(f), ".mail-*")
		}
	}
	if err != nil {
		return unwritable(err)
	}
	defer os.Remove(temporary.Name())
	if _, err := m.WriteTo(temporary); err != nil {
		_ = temporary.Close()
		return unwritable(err)
	}
	if err := temporary.Close(); err != nil {
		return unwritable(err)
	}
	if err := os.Rename(temporary.Name(), filepath.Join(string(f), m.name+".eml")); err != nil {
		return unwritable(err)
	}
	return nil
}
