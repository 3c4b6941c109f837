package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tiebreak/internal/guide/yamlform"
)

func TestExportKeepsFilesThatWereEdited(t *testing.T) {
	t.Parallel()
	folder, out := dataFolder(t), t.TempDir()
	serveOn(t, folder)
	export := func(more ...string) result {
		return tiebreak(t, folder, "", append([]string{"guide", "export", "django-vs-fastapi", "--dir", out}, more...)...)
	}
	for range 2 {
		if got := export(); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
	}
	path := filepath.Join(out, "guides", "django-vs-fastapi.yaml")
	exported, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"a comment": func(text string) string { return "# look at this again\n" + text },
		"a title":   func(text string) string { return strings.Replace(text, "title: Django vs", "title: Django against", 1) },
		"a mistake": func(text string) string { return text + "- [" },
	} {
		edited := edit(string(exported))
		write(t, filepath.Dir(path), filepath.Base(path), edited)
		if got := export(); got.code != exitFailed || !strings.Contains(got.stderr, path) ||
			!strings.Contains(got.stderr, "--force") {
			t.Errorf("%s: %+v", name, got)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != edited {
			t.Errorf("%s is lost (%v)", name, err)
		}
	}
	if got := export("--force"); got.code != exitDone {
		t.Errorf("%+v", got)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != string(exported) {
		t.Errorf("the export was not written (%v)", err)
	}
}

func TestAPipeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	pipe := filepath.Join(folder, "p.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "good.yaml", goodOption)

	based, got := basedFile(t, pipe), make(chan error)
	go func() {
		_, err := readPaths([]string{folder})
		got <- errors.Join(err, keepEdited([]exported{{path: pipe}}), renewBase(based, "4567"))
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

// basedFile returns a file of the name that says what it is based on.
func basedFile(t *testing.T, name string) yamlform.File {
	t.Helper()
	files, findings := yamlform.Read([]yamlform.Text{{Name: name, Content: []byte("option: a\nbased_on: 0123\n")}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return files[0]
}
