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
	write(t, filepath.Dir(path), "django-vs-fastapi.yaml",
		strings.Replace(string(text), "title: Django vs FastAPI", "title: Django against FastAPI", 1))
	dry := tiebreak(t, folder, "", "guide", "import", path, "--publish", "--dry-run")
	if dry.code != exitDone || !strings.Contains(dry.stdout, "Dry run") ||
		strings.Contains(read(t, site.base+"/compare/django-vs-fastapi"), "Django against FastAPI") {
		t.Errorf("%+v", dry)
	}
	if done := tiebreak(t, folder, "", "guide", "import", path, "--publish"); done.code != exitDone {
		t.Errorf("%+v", done)
	}
	eventually(t, "the edit is served", func() bool {
		return strings.Contains(read(t, site.base+"/compare/django-vs-fastapi"), "Django against FastAPI")
	})

	write(t, filepath.Dir(path), "django-vs-fastapi.yaml",
		strings.Replace(string(text), "title: Django vs FastAPI", "title: Another edit", 1))
	stale := tiebreak(t, folder, "", "guide", "import", path, "--publish")
	wantOneLine(t, stale, "nothing was imported")
	if !strings.Contains(stale.stdout, "newer version") {
		t.Errorf("%+v", stale)
	}
	wantOneLine(t, tiebreak(t, folder, "", "guide", "export", "cobol-vs-fortran", "--dir", out), "cobol-vs-fortran")
}

func TestFileCanBeEditedAndImportedAgainAndAgain(t *testing.T) {
	t.Parallel()
	folder, mine, theirs := dataFolder(t), t.TempDir(), t.TempDir()
	serveOn(t, folder)
	for _, dir := range []string{mine, theirs} {
		if got := tiebreak(t, folder, "", "guide", "export", "django-vs-fastapi", "--dir", dir); got.code != exitDone {
			t.Fatalf("%+v", got)
		}
	}
	edit := func(dir, file, from, to string) result {
		t.Helper()
		path := filepath.Join(dir, file)
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), from) {
			t.Fatalf("%s does not hold %q (%v)", path, from, err)
		}
		write(t, filepath.Dir(path), filepath.Base(path), "# a comment\n"+strings.Replace(string(text), from, to, 1))
		return tiebreak(t, folder, "", "guide", "import", path, "--publish")
	}
	const page, option = "guides/django-vs-fastapi.yaml", "options/django.yaml"
	for _, step := range [][2]string{{"title: Django vs FastAPI", "title: Edit one"}, {"title: Edit one", "title: Edit two"}} {
		if got := edit(mine, page, step[0], step[1]); got.code != exitDone || !strings.Contains(got.stdout, "published") {
			t.Errorf("%s: %+v", step[1], got)
		}
	}
	for _, step := range [][2]string{{"name: Django", "name: Django 1"}, {"name: Django 1", "name: Django 2"}} {
		if got := edit(mine, option, step[0], step[1]); got.code != exitDone {
			t.Errorf("%s: %+v", step[1], got)
		}
	}
	if text, err := os.ReadFile(filepath.Join(mine, page)); err != nil || strings.Count(string(text), "# a comment") != 2 {
		t.Errorf("the comments are lost (%v)", err)
	}
	for _, stale := range []result{
		edit(theirs, page, "title: Django vs FastAPI", "title: Theirs"),
		edit(theirs, option, "name: Django", "name: Theirs"),
	} {
		wantOneLine(t, stale, "nothing was imported")
	}
}

func TestNewGuideIsStartedCheckedPublishedAndListed(t *testing.T) {
	t.Parallel()
	folder, dir := dataFolder(t), t.TempDir()
	for name, args := range map[string][]string{"a.yaml": {"ada"}, "b.yaml": {"basic"}, "g.yaml": {"ada", "basic"}} {
		got := tiebreak(t, folder, "", append([]string{"guide", "new"}, args...)...)
		if got.code != exitDone {
			t.Fatalf("%+v", got)
		}
		write(t, dir, name, got.stdout)
	}
	if got := tiebreak(t, folder, "", "guide", "check", dir); got.code != exitDone ||
		!strings.Contains(got.stdout, "3 files are valid.") {
		t.Errorf("%+v", got)
	}
	alone := tiebreak(t, folder, "", "guide", "check", filepath.Join(dir, "g.yaml"))
	if alone.code != exitDone || !strings.Contains(alone.stdout, "ada is not in these files") ||
		!strings.Contains(alone.stdout, "1 file is valid.") {
		t.Errorf("%+v", alone)
	}
	refused := tiebreak(t, folder, "", "guide", "import", filepath.Join(dir, "g.yaml"), "--publish")
	if refused.code != exitFailed || !strings.Contains(refused.stderr, "there is no option ada") ||
		!strings.Contains(refused.stderr, "there is no option basic") {
		t.Errorf("%+v", refused)
	}
	if got := tiebreak(t, folder, "", "guide", "import", dir, "--publish"); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	listed := tiebreak(t, folder, "", "guide", "list").stdout
	if fields := strings.Fields(strings.Split(listed, "\n")[1]); len(fields) < 4 || fields[0] != "ada-vs-basic" ||
		fields[1] != "published" {
		t.Errorf("listed:\n%s", listed)
	}
	for _, wrong := range [][]string{{"Not A Slug"}, {"a", "a"}, {"a", "b", "c", "d", "e"}} {
		if got := tiebreak(t, folder, "", append([]string{"guide", "new"}, wrong...)...); got.code != exitUsage {
			t.Errorf("%v: %+v", wrong, got)
		}
	}
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
