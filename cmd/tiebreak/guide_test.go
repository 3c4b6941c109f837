package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckNamesMistakesAndTouchesNoDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	wrong, good := filepath.Join(folder, "a.yaml"), filepath.Join(folder, "good.yaml")
	writeFile(t, wrong, "option: a\nnmae: A\n")
	writeFile(t, good, goodOption)

	bad := runOn(t, "postgres://127.0.0.1:1/nowhere", []string{"guide", "check", wrong})
	if bad.code != exitFailed || !strings.Contains(bad.stdout, "a.yaml:2:1: unknown field") {
		t.Errorf("%+v", bad)
	}
	data := filepath.Join(folder, "data")
	wantDone(t, tiebreak(t, data, "", "guide", "check", good))
	wantOneLine(t, tiebreak(t, data, "", "guide", "check", filepath.Join(folder, "nowhere.yaml")), "does not exist")
	if _, err := os.Stat(data); err == nil {
		t.Error("a data folder was made")
	}
}

// exportGuide exports the guide to the folder and returns the path of its file.
func exportGuide(t *testing.T, data, dir string) string {
	t.Helper()
	mustRun(t, data, "", "guide", "export", "django-vs-fastapi", "--dir", dir)
	return filepath.Join(dir, "guides", "django-vs-fastapi.yaml")
}

func TestExportedFolderImportsUnchangedAndAnEditIsPublished(t *testing.T) {
	t.Parallel()
	folder, out := siteFolder(t), t.TempDir()
	site := serveOn(t, folder)
	served := func() bool { return strings.Contains(read(t, site.base+guidePath), "Django against FastAPI") }

	mustRun(t, folder, "", "guide", "export", "--dir", out)
	wantDone(t, tiebreak(t, folder, "", "guide", "check", out))
	again := mustRun(t, folder, "", "guide", "import", out, "--publish")
	if strings.Contains(again, "changed (") || strings.Contains(again, "published") {
		t.Errorf("a round trip changed something: %s", again)
	}

	path := filepath.Join(out, "guides", "django-vs-fastapi.yaml")
	before := readFile(t, path)
	edit(t, path, "title: Django vs FastAPI", "title: Django against FastAPI")
	wantDone(t, tiebreak(t, folder, "", "guide", "import", path, "--publish", "--dry-run"), "Dry run")
	if served() {
		t.Error("a dry run published the edit")
	}
	wantDone(t, tiebreak(t, folder, "", "guide", "import", path, "--publish"))
	eventually(t, "the edit is served", served)

	writeFile(t, path, strings.Replace(before, "title: Django vs FastAPI", "title: Another edit", 1))
	stale := tiebreak(t, folder, "", "guide", "import", path, "--publish")
	wantOneLine(t, stale, "nothing was imported")
	if !strings.Contains(stale.stdout, "newer version") {
		t.Errorf("%+v", stale)
	}
	wantOneLine(t, tiebreak(t, folder, "", "guide", "export", "cobol-vs-fortran", "--dir", out), "cobol-vs-fortran")
}

// TestFileCanBeEditedAndImportedAgainAndAgain has the guide's file be a link.
func TestFileCanBeEditedAndImportedAgainAndAgain(t *testing.T) {
	t.Parallel()
	folder, mine, theirs := siteFolder(t), t.TempDir(), t.TempDir()
	serveOn(t, folder)
	for _, dir := range []string{mine, theirs} {
		exportGuide(t, folder, dir)
	}
	page, option := filepath.Join("guides", "django-vs-fastapi.yaml"), filepath.Join("options", "django.yaml")
	link, linked := filepath.Join(mine, page), filepath.Join(t.TempDir(), "mine.yaml")
	must(t, os.Rename(link, linked))
	must(t, os.Symlink(linked, link))
	must(t, os.Chmod(linked, 0o640))
	before, err := os.Stat(linked)
	must(t, err)

	imported := func(dir, file, from, to string) result {
		t.Helper()
		path := filepath.Join(dir, file)
		edit(t, path, from, to)
		writeFile(t, path, "# a comment\n"+readFile(t, path))
		return tiebreak(t, folder, "", "guide", "import", path, "--publish")
	}
	wantDone(t, imported(mine, page, "title: Django vs FastAPI", "title: Edit one"), "published")
	wantDone(t, imported(mine, page, "title: Edit one", "title: Edit two"), "published")
	wantDone(t, imported(mine, option, "name: Django", "name: Django 1"))
	wantDone(t, imported(mine, option, "name: Django 1", "name: Django 2"))
	if strings.Count(readFile(t, link), "# a comment") != 2 {
		t.Error("the comments are lost")
	}
	if is, err := os.Lstat(link); err != nil || is.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v (%v)", is.Mode(), err)
	}
	if after, err := os.Stat(linked); err != nil || !os.SameFile(before, after) || after.Mode() != before.Mode() {
		t.Errorf("the file is another one (%v)", err)
	}
	wantOneLine(t, imported(theirs, page, "title: Django vs FastAPI", "title: Theirs"), "nothing was imported")
	wantOneLine(t, imported(theirs, option, "name: Django", "name: Theirs"), "nothing was imported")
}

func TestImportSaysWhereItCannotRenewWhatAFileIsBasedOn(t *testing.T) {
	t.Parallel()
	folder := siteFolder(t)
	serveOn(t, folder)
	path := exportGuide(t, folder, t.TempDir())
	edit(t, path, "title: Django vs FastAPI", "title: Edit one")
	// The digest's first character is written as an escape, which means the same.
	_, rest, _ := strings.Cut(readFile(t, path), "based_on: ")
	written, _, _ := strings.Cut(rest, "\n")
	digest := strings.Trim(written, `"`) // which a digest that could be a number has
	edit(t, path, "based_on: "+written, fmt.Sprintf("based_on:\n  \"\\x%02x%s\"", digest[0], digest[1:]))
	wantDone(t, tiebreak(t, folder, "", "guide", "import", path, "--publish"), "keeps its old based_on")
}

func TestNewGuideIsStartedCheckedPublishedAndListed(t *testing.T) {
	t.Parallel()
	folder, dir := dataFolder(t), t.TempDir()
	for name, args := range map[string][]string{"a.yaml": {"ada"}, "b.yaml": {"basic"}, "g.yaml": {"ada", "basic"}} {
		writeFile(t, filepath.Join(dir, name), mustRun(t, folder, "", append([]string{"guide", "new"}, args...)...))
	}
	wantDone(t, tiebreak(t, folder, "", "guide", "check", dir), "3 files are valid.")
	alone := filepath.Join(dir, "g.yaml")
	wantDone(t, tiebreak(t, folder, "", "guide", "check", alone), "ada is not in these files", "1 file is valid.")
	refused := tiebreak(t, folder, "", "guide", "import", alone, "--publish")
	if refused.code != exitFailed || !strings.Contains(refused.stderr, "there is no option ada") ||
		!strings.Contains(refused.stderr, "there is no option basic") {
		t.Errorf("%+v", refused)
	}
	mustRun(t, folder, "", "guide", "import", dir, "--publish")
	listed := mustRun(t, folder, "", "guide", "list")
	if fields := strings.Fields(strings.Split(listed, "\n")[1]); len(fields) < 4 || fields[0] != "ada-vs-basic" ||
		fields[1] != "published" {
		t.Errorf("listed:\n%s", listed)
	}
}

const goodOption = `option: sample
name: Sample
kind: A sample
homepage: https://example.org/
facts:
  size: {value: small, confidence: verified, checked: 2026-11-22, sources: [{title: Sample, url: "https://example.org/"}]}
`
