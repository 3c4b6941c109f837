package mail

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	gomail "github.com/wneessen/go-mail"
)

func TestFolderForMailIsMadeAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "mail")
	f, err := newFolder(path)
	if err != nil {
		t.Fatal(err)
	}
	m := message{gomail.NewMsg(), "sample"}
	m.SetBodyString(gomail.TypeTextPlain, "words")
	if err := errors.Join(m.From("tiebreak@example.org"), m.To("sample@example.org"),
		os.RemoveAll(filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	if err := f.send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(path, "sample.eml")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to others: %v (%v)", info.Mode(), err)
	}
}
