package mail

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/riverqueue/river"

	"tiebreak/internal/postgres"
)

// eraser removes the files of erased leads.
type eraser struct {
	river.WorkerDefaults[postgres.ErasureJob]
	folder string
	erased func(ctx context.Context) error
}

// Work removes them; what cannot be done now is tried again.
func (e *eraser) Work(ctx context.Context, job *river.Job[postgres.ErasureJob]) error {
	err := Forget(e.folder, job.Args.Reference)
	if e.erased != nil {
		err = errors.Join(err, e.erased(ctx))
	}
	return err
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

// forgetErased removes the files of leads that were erased while their files were out of reach: each instance has a folder of
// its own, and only one of them is told of an erasure.
func (s *Service) forgetErased(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(s.Folder, "TB-*-*.eml"))
	if err != nil || len(files) == 0 || s.Folder == "" {
		return err
	}
	var kept []string
	for _, file := range files {
		number, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(file), "TB-"), "-")
		kept = append(kept, "TB-"+number)
	}
	erased, err := s.DB.ErasedAmong(ctx, slices.Compact(kept))
	for _, reference := range erased {
		err = errors.Join(err, Forget(s.Folder, reference))
	}
	return err
}
