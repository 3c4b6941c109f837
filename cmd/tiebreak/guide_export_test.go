package main

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/guide/yamlform"
)

func TestExportKeepsFilesThatWereEdited(t *testing.T) {
	t.Parallel()
	folder, out := siteFolder(t), t.TempDir()
	serveOn(t, folder)
	exportGuide(t, folder, out)
	path := exportGuide(t, folder, out) // over an export that nobody edited
	exported := readFile(t, path)
	again := []string{"guide", "export", "django-vs-fastapi", "--dir", out}
	for name, edited := range map[string]string{
		"a comment": "# look at this again\n" + exported,
		"a title":   strings.Replace(exported, "title: Django vs", "title: Django against", 1),
		"a mistake": exported + "- [",
	} {
		writeFile(t, path, edited)
		got := tiebreak(t, folder, "", again...)
		if got.code != exitFailed || !strings.Contains(got.stderr, path) || !strings.Contains(got.stderr, "--force") {
			t.Errorf("%s: %+v", name, got)
		}
		if readFile(t, path) != edited {
			t.Errorf("%s is lost", name)
		}
	}
	mustRun(t, folder, "", append(again, "--force")...)
	if readFile(t, path) != exported {
		t.Error("the export was not written")
	}
}

func TestExportSaysWhichDraftsItLeavesOutOrHolds(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	serveOn(t, folder)
	path := exportGuide(t, folder, t.TempDir())
	edit(t, path, "title: Django vs FastAPI", "title: A draft")
	mustRun(t, folder, "", "guide", "import", path)
	wantDone(t, tiebreak(t, folder, "", "guide", "export", "--dir", t.TempDir()),
		"Not written: newer drafts of django-vs-fastapi")
	wantDone(t, tiebreak(t, folder, "", "guide", "export", "--dir", t.TempDir(), "--drafts"),
		"--publish would publish: django-vs-fastapi.")
}

func TestCommandsDoNotWaitForAPipe(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pipe := filepath.Join(folder, "p.yaml")
	must(t, syscall.Mkfifo(pipe, 0o600))
	writeFile(t, filepath.Join(folder, "good.yaml"), goodOption)
	files, findings := yamlform.Read([]yamlform.Text{{Name: pipe, Content: []byte("option: a\nbased_on: 0123\n")}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}

	got := make(chan error)
	go func() {
		_, err := readPaths([]string{folder})
		got <- errors.Join(err, keepEdited([]exported{{path: pipe}}), renewBase(files[0], "4567"))
	}()
	select {
	case err := <-got:
		if want := pipe + " is not a regular file"; err == nil || strings.Count(err.Error(), want) != 2 {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the pipe is waited for")
	}
}
