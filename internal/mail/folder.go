package mail

import (
	"context"
	"errors"
	"fmt"
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

// send writes the file of the message.
func (f folder) send(_ context.Context, m message, _ *conversation) error {
	if err := f.write(m); err != nil {
		return failure{lead.Unwritable, 0, err}
	}
	return nil
}

// write writes the file whole or not at all, and makes the folder if somebody removed it. A repeat overwrites the file. If the
// program dies meanwhile, a part is left: its name has the reference too, so that an erasure finds it.
func (f folder) write(m message) error {
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(string(f), m.name+".*.part")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = m.WriteTo(temporary)
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), filepath.Join(string(f), m.name+".eml"))
}
