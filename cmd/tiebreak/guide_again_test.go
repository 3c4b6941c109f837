package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportSaysWhichDraftsItLeavesOutOrHolds(t *testing.T) {
	t.Parallel()
	folder, out := dataFolder(t), t.TempDir()
	serveOn(t, folder)
	path := exportedGuide(t, folder, out)
	edit(t, path, "title: Django vs FastAPI", "title: A draft")
	if got := tiebreak(t, folder, "", "guide", "import", path); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	public := tiebreak(t, folder, "", "guide", "export", "--dir", t.TempDir())
	if public.code != exitDone || !strings.Contains(public.stdout, "Not written: newer drafts of django-vs-fastapi") {
		t.Errorf("%+v", public)
	}
	drafts := tiebreak(t, folder, "", "guide", "export", "--dir", t.TempDir(), "--drafts")
	if drafts.code != exitDone || !strings.Contains(drafts.stdout, "--publish would publish: django-vs-fastapi.") {
		t.Errorf("%+v", drafts)
	}
}

// exportedGuide returns the path of the guide's exported file.
func exportedGuide(t *testing.T, data, dir string) string {
	t.Helper()
	if got := tiebreak(t, data, "", "guide", "export", "django-vs-fastapi", "--dir", dir); got.code != exitDone {
		t.Fatalf("%+v", got)
	}
	return filepath.Join(dir, "guides", "django-vs-fastapi.yaml")
}

// edit replaces words in a file.
func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), from) {
		t.Fatalf("%s does not hold %q (%v)", path, from, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestImportKeepsTheLinkAndTheModeOfAFile(t *testing.T) {
	t.Parallel()
	folder, out, own := dataFolder(t), t.TempDir(), filepath.Join(t.TempDir(), "mine.yaml")
	serveOn(t, folder)
	path := exportedGuide(t, folder, out)
	if err := os.Rename(path, own); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(own, path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(own, 0o640); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(own)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range [][2]string{{"title: Django vs FastAPI", "title: Edit one"}, {"title: Edit one", "title: Edit two"}} {
		edit(t, own, step[0], step[1])
		if got := tiebreak(t, folder, "", "guide", "import", path, "--publish"); got.code != exitDone ||
			!strings.Contains(got.stdout, "published") {
			t.Errorf("%s: %+v", step[1], got)
		}
	}
	if link, err := os.Lstat(path); err != nil || link.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v (%v)", link.Mode(), err)
	}
	after, err := os.Stat(own)
	if err != nil || !os.SameFile(before, after) || after.Mode() != before.Mode() {
		t.Errorf("the file is another one (%v)", err)
	}
}

func TestImportSaysWhereItCannotRenewWhatAFileIsBasedOn(t *testing.T) {
	t.Parallel()
	folder, out := dataFolder(t), t.TempDir()
	serveOn(t, folder)
	path := exportedGuide(t, folder, out)
	edit(t, path, "title: Django vs FastAPI", "title: Edit one")
	edit(t, path, "based_on: ", "based_on:\n  \"\\x3")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The digest's first character is written as an escape, which says the same.
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		if _, digest, found := strings.Cut(line, `"\x3`); found {
			lines[i] = fmt.Sprintf(`  "\x%02x%s"`, digest[0], digest[1:])
		}
	}
	write(t, filepath.Dir(path), filepath.Base(path), strings.Join(lines, "\n"))
	got := tiebreak(t, folder, "", "guide", "import", path, "--publish")
	if got.code != exitDone || !strings.Contains(got.stdout, "keeps its old based_on") {
		t.Errorf("%+v", got)
	}
}
