package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckNamesMistakesAndTouchesNoDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, folder, "a.yaml", "option: a\nnmae: A\n")
	write(t, folder, "good.yaml", goodOption)

	cmd := command(t, filepath.Join(folder, "data"), "guide", "check", filepath.Join(folder, "a.yaml"))
	cmd.Env = append(cmd.Env, "DATABASE_URL=postgres://127.0.0.1:1/nowhere")
	bad := finish(t, cmd, "")
	if bad.code != exitFailed || !strings.Contains(bad.stdout, "a.yaml:2:1: unknown field") {
		t.Errorf("%+v", bad)
	}
	if good := tiebreak(t, folder, "", "guide", "check", filepath.Join(folder, "good.yaml")); good.code != exitDone {
		t.Errorf("%+v", good)
	}
	wantOneLine(t, tiebreak(t, folder, "", "guide", "check", filepath.Join(folder, "nowhere.yaml")), "there is no")
	if _, err := os.Stat(filepath.Join(folder, "data")); err == nil {
		t.Error("a data folder was made")
	}
}

func TestExportedFolderImportsUnchangedAndAnEditIsPublished(t *testing.T) {
	t.Parallel()
	folder, out := dataFolder(t), t.TempDir()
	site := serveOn(t, folder)

	if got := tiebreak(t, folder, "", "guide", "export", "--dir", out); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	if got := tiebreak(t, folder, "", "guide", "check", out); got.code != exitDone {
		t.Errorf("an export has mistakes: %+v", got)
	}
	again := tiebreak(t, folder, "", "guide", "import", out, "--publish")
	if again.code != exitDone || strings.Contains(again.stdout, "changed (") || strings.Contains(again.stdout, "published") {
		t.Errorf("a round trip changed something: %+v", again)
	}

	path := filepath.Join(out, "guides", "django-vs-fastapi.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Dir(path), "django-vs-fastapi.yaml", strings.Replace(string(text), "title: Django vs FastAPI", "title: Django against FastAPI", 1))
	dry := tiebreak(t, folder, "", "guide", "import", path, "--publish", "--dry-run")
	if dry.code != exitDone || !strings.Contains(dry.stdout, "Dry run") || strings.Contains(read(t, site.base+"/compare/django-vs-fastapi"), "Django against FastAPI") {
		t.Errorf("%+v", dry)
	}
	if done := tiebreak(t, folder, "", "guide", "import", path, "--publish"); done.code != exitDone {
		t.Errorf("%+v", done)
	}
	eventually(t, "the edit is served", func() bool {
		return strings.Contains(read(t, site.base+"/compare/django-vs-fastapi"), "Django against FastAPI")
	})

	write(t, filepath.Dir(path), "django-vs-fastapi.yaml", strings.Replace(string(text), "title: Django vs FastAPI", "title: Another edit", 1))
	stale := tiebreak(t, folder, "", "guide", "import", path, "--publish")
	wantOneLine(t, stale, "older than the database")
	wantOneLine(t, tiebreak(t, folder, "", "guide", "export", "cobol-vs-fortran", "--dir", out), "cobol-vs-fortran")
}

const goodOption = `option: sample
name: Sample
kind: A sample
homepage: https://example.org/
facts:
  size: {value: small, confidence: verified, checked: 2026-11-22, sources: [{title: Sample, url: "https://example.org/"}]}
`

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
