package mail

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

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

// fileForm has the reference of the lead that a file's mail, or a part of it, is about.
var fileForm = regexp.MustCompile(`^(TB-\d+)-.*\.(?:eml|part)$`)

// leadFiles returns the paths of the mails that are kept as files in the folder, by the reference of their lead.
func leadFiles(folder string) (map[string][]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	files := map[string][]string{}
	for _, entry := range entries {
		if name := fileForm.FindStringSubmatch(entry.Name()); name != nil {
			files[name[1]] = append(files[name[1]], filepath.Join(folder, name[0]))
		}
	}
	return files, err
}

// Forget removes the mails about a lead that are kept as files in the folder.
func Forget(folder, reference string) error {
	files, err := leadFiles(folder)
	return errors.Join(err, remove(files[reference]))
}

func remove(files []string) (err error) {
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
	files, err := leadFiles(s.Folder)
	if err != nil || len(files) == 0 {
		return err
	}
	erased, err := s.DB.ErasedAmong(ctx, slices.Collect(maps.Keys(files)))
	for _, reference := range erased {
		err = errors.Join(err, remove(files[reference]))
	}
	return err
}
