package guide_test

import (
	"testing"
	"testing/fstest"

	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"
)

func TestStarterFolderReadsWithoutMistakes(t *testing.T) {
	t.Parallel()

	folder, err := guide.ReadFolder(starter.FS)
	if err != nil {
		t.Fatal(err)
	}
	if len(folder.Options) == 0 || len(folder.Guides) == 0 {
		t.Fatalf("read %d options and %d guides, want some of both", len(folder.Options), len(folder.Guides))
	}
}

func TestEveryMistakeIsNamedAtItsPlace(t *testing.T) {
	t.Parallel()

	files := fstest.MapFS{"options/django.yaml": {Data: []byte(`option: django
nmae: Django
name: Django
name: Djangoo
homepage: [https://www.djangoproject.com/]
facts:
  admin:
    value: Built in
    checked: 22.11.2026
    sources: none
`)}}
	_, err := guide.ReadFolder(files)

	want := `options/django.yaml:2:1: unknown field "nmae": expected one of facts, homepage, kind, name, option
options/django.yaml:4:1: "name" stands here twice
options/django.yaml:5:11: expected text here
options/django.yaml:9:14: "22.11.2026" is not a date: write it as 2026-11-22
options/django.yaml:10:14: expected a list here`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestBrokenYAMLNamesItsLine(t *testing.T) {
	t.Parallel()

	files := fstest.MapFS{"guides/x.yaml": {Data: []byte("guide: x\ntitle: a: b\n")}}
	_, err := guide.ReadFolder(files)
	mistakes, ok := err.(guide.Mistakes)
	if !ok || len(mistakes) != 1 || mistakes[0].Line < 2 {
		t.Errorf("got %v, want one mistake on line 2 or after", err)
	}
}
