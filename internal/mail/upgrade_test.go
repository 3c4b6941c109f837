package mail_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tiebreak/internal/lead"
	"tiebreak/internal/mail"
	"tiebreak/internal/mailtest"
	"tiebreak/internal/pgtest"
	"tiebreak/migrations"
)

func TestMailsThatWaitedBeforeTheUpgradeGoOut(t *testing.T) {
	t.Parallel()
	url, box := pgtest.NewURL(t), mailtest.New(t)
	db := pgtest.Open(t, url)
	hire(t, db, "one@example.org", "two@example.org")
	send(t, db, "prospect@example.org", "words")
	takeBack(t, url, 21)
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	run(t, db, toMembers(box))
	eventually(t, "nothing waits", func() bool { return waiting(t, db) == 0 })
	for _, recipient := range []string{"prospect@example.org", "one@example.org", "two@example.org"} {
		if got := subjectsTo(t, box, recipient); len(got) != 1 {
			t.Errorf("%s got %q", recipient, got)
		}
	}
}

// takeBack brings the database at url back to how it was before the migration.
func takeBack(t *testing.T, url string, migration int) {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Backward(names) {
		number, err := strconv.Atoi(name[:5])
		if err != nil || number < migration {
			continue
		}
		text, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		_, down, _ := strings.Cut(string(text), "-- +goose Down")
		if err := pgtest.Exec(t, url, fmt.Sprintf("%s; DELETE FROM goose_db_version WHERE version_id = %d", down,
			number)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

func TestErasureReachesTheFilesOfAnotherMachine(t *testing.T) {
	t.Parallel()
	url, folder := pgtest.NewURL(t), t.TempDir()
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
	pgtest.Await(t, url, patience, `state = 'completed' FROM river_job WHERE kind = 'erasure'`)
	files := func(reference string) int {
		found, _ := filepath.Glob(filepath.Join(folder, reference+"-*.eml"))
		return len(found)
	}
	if files("TB-0001") != 2 {
		t.Fatalf("%d files are left before the machine is back", files("TB-0001"))
	}
	run(t, db, func(c *mail.Config) { c.Folder = folder })
	eventually(t, "the files of the erased lead are gone", func() bool { return files("TB-0001") == 0 })
	if files("TB-0002") != 2 || leads(t, db)[0].Status != lead.New {
		t.Errorf("%d files are left of the other lead", files("TB-0002"))
	}
}
