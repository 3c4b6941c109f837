package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"tiebreak/internal/card"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
)

// errMistakes ends a command that has printed the mistakes.
var errMistakes = errors.New("fix the problems above and run it again")

// checkedFiles reads the files below the paths and prints what is wrong with them. If alone is set, no database is read for
// the options that the files do not hold.
func checkedFiles(paths []string, alone bool) ([]yamlform.File, error) {
	texts, err := readPaths(paths)
	if err != nil {
		return nil, err
	}
	files, findings := yamlform.Read(texts)
	findings = append(findings, yamlform.Undrawn(files, card.Draws)...)
	if alone {
		findings = append(findings, yamlform.Undefined(files)...)
	}
	findings = yamlform.Check(files, findings, guide.Day(time.Now()))
	for _, f := range findings {
		fmt.Println(f)
	}
	if yamlform.Mistakes(findings) > 0 {
		return nil, errMistakes
	}
	return files, nil
}

// readPaths reads each file, and the YAML files below each folder, under the names that the caller can open.
func readPaths(paths []string) ([]yamlform.Text, error) {
	var texts []yamlform.Text
	for _, path := range paths {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no %s", path)
		}
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, err
			}
			texts = append(texts, yamlform.Text{Name: path, Content: content})
			continue
		}
		below, err := yamlform.Texts(os.DirFS(path))
		if err != nil {
			return nil, err
		}
		readable := 0
		for _, t := range below {
			t.Name = filepath.Join(path, t.Name)
			texts = append(texts, t)
			if !t.Skipped {
				readable++
			}
		}
		if readable == 0 {
			return nil, fmt.Errorf("there is no YAML file in %s", path)
		}
	}
	return texts, nil
}

// renewBase writes into a file what it is based on after its import, so that it can be edited and imported again. A file
// that does not say what it is based on stays as it is.
func renewBase(file yamlform.File, digest string) error {
	if file.BasedOn() == "" || file.BasedOn() == digest {
		return nil
	}
	text, err := readRegular(file.Name)
	if err != nil {
		return err
	}
	renewed, changed := file.WithBase(text, digest)
	if !changed {
		return errors.New("the line with it was not found as it was read")
	}
	// Written over the old text, so that links, owner and mode stay. Only the digest differs, and it has the same length
	// unless the author changed it: whatever happens, the author's words are whole.
	f, err := os.OpenFile(file.Name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(renewed, 0)
	if err == nil {
		err = f.Truncate(int64(len(renewed)))
	}
	return errors.Join(err, f.Close())
}

// readRegular returns what the file holds. A pipe or a device might wait for ever: it is not opened.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() && !info.IsDir():
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return os.ReadFile(path)
}
