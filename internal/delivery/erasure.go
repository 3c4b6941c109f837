package delivery

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/riverqueue/river"

	"tiebreak/internal/postgres"
)

// eraser removes the files of erased leads.
type eraser struct {
	river.WorkerDefaults[postgres.ErasureJob]
	folder string
}

// Work removes them; what cannot be removed now is tried again.
func (e *eraser) Work(_ context.Context, job *river.Job[postgres.ErasureJob]) error {
	return Forget(e.folder, job.Args.Reference)
}

var referenceForm = regexp.MustCompile(`^TB-\d+$`)

// Forget removes the mails about a lead that are kept as files in the folder.
func Forget(folder, reference string) error {
	if !referenceForm.MatchString(reference) {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(folder, reference+"-*.eml"))
	for _, file := range files {
		if removed := os.Remove(file); !errors.Is(removed, fs.ErrNotExist) {
			err = errors.Join(err, removed)
		}
	}
	return err
}
