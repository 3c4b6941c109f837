package mail_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/pgtest"
)

// files counts the mails about a lead in the folder.
func files(t *testing.T, folder, reference string) int {
	t.Helper()
	found, err := fs.Glob(os.DirFS(folder), reference+"-*.eml")
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestErasureTakesTheFilesAlong(t *testing.T) {
	t.Parallel()
	db, folder := pgtest.New(t), filepath.Join(t.TempDir(), "mail")
	run(t, db, func(c *mail.Config) { c.Folder = folder })
	send(t, db, "one@example.org", "words")
	send(t, db, "two@example.org", "words")
	eventually(t, "all is out", func() bool { return files(t, folder, "TB-0001")+files(t, folder, "TB-0002") == 4 })
	if err := db.EraseLead(context.Background(), "TB-0001", 0); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the files are gone", func() bool { return files(t, folder, "TB-0001") == 0 })
	if n := files(t, folder, "TB-0002"); n != 2 {
		t.Errorf("%d files are left of the other lead", n)
	}
}

func TestFilesAreFoundInAFolderWithSignsOfAPattern(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "site[1]*")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"TB-0001-1-new.eml", "TB-0001-2-new.123.part", "TB-0001-notes.txt", "TB-00011-2-new.eml"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := mail.Forget(folder, "TB-0001"); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 2 || left[0].Name() != "TB-0001-notes.txt" || left[1].Name() != "TB-00011-2-new.eml" {
		t.Errorf("the folder still has %v: %v", left, err)
	}
	if err := mail.Forget(filepath.Join(folder, "missing"), "TB-0001"); err != nil {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestErasureReachesTheFilesOfAnotherMachine(t *testing.T) {
	t.Parallel()
	url, folder := pgtest.NewURL(t), filepath.Join(t.TempDir(), "site[1]")
	db := pgtest.Open(t, url)
	ctx, stop := context.WithCancel(context.Background())
	first := service(t, db, func(c *mail.Config) { c.Folder = folder })
	done := make(chan struct{})
	go func() { first.Run(ctx); close(done) }()
	send(t, db, "one@example.org", "words")
	send(t, db, "two@example.org", "words")
	eventually(t, "all is out", func() bool { return waiting(t, db) == 0 })
	stop()
	<-done

	// While this machine is away, the other one takes the job that removes its own files.
	run(t, db, func(c *mail.Config) { c.Folder = t.TempDir() })
	if err := db.EraseLead(context.Background(), "TB-0001", 0); err != nil {
		t.Fatal(err)
	}
	pgtest.Await(t, url, timeout, `state = 'completed' FROM river_job WHERE kind = 'erasure'`)
	if n := files(t, folder, "TB-0001"); n != 2 {
		t.Fatalf("%d files are left before the machine is back", n)
	}
	run(t, db, func(c *mail.Config) { c.Folder = folder })
	eventually(t, "the files of the erased lead are gone", func() bool { return files(t, folder, "TB-0001") == 0 })
	if n := files(t, folder, "TB-0002"); n != 2 || pgtest.Leads(t, db)[0].Status != lead.New {
		t.Errorf("%d files are left of the other lead", n)
	}
}
