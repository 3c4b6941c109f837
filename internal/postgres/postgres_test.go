package postgres_test

import (
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestMigratingAgainAppliesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)

	pgtest.Migrate(t, db)
	steps, err := db.Migrations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(migrations.FS, "*.sql")
	// One step is not a file: the queue's own tables.
	if err != nil || len(steps) != len(files)+1 {
		t.Fatalf("%d steps of %d files (%v)", len(steps), len(files), err)
	}
	if last := steps[len(steps)-1].Version; last != migrations.Newest() {
		t.Errorf("the last step is %d, the newest file %d: a step without a file needs a newer file after it", last,
			migrations.Newest())
	}
	for _, s := range steps {
		if s.AppliedAt.IsZero() {
			t.Errorf("%s is still pending", s.Name)
		}
	}
}

func TestQueueSchemaIsTheNewestThatItsLibraryKnows(t *testing.T) {
	t.Parallel()

	migrator, err := rivermigrate.New(riverpgxv5.New(nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	if all := migrator.AllVersions(); all[len(all)-1].Version != postgres.QueueSchema {
		t.Errorf("River is at schema %d, the migrations at %d: add one that goes there", all[len(all)-1].Version,
			postgres.QueueSchema)
	}
}

func TestJobsOutliveMoreCrashesThanTheQueueAllowsByItself(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	receive(t, pgtest.Open(t, url), sent("", "words"))
	exec(t, url, `DO $$ BEGIN ASSERT (SELECT min(max_attempts) FROM river_job) = 1000, 'mail is given up too soon'; END $$`)
}

func TestInstancesThatStartAtOnceMigrateAndFillOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	// Back to an empty database: the template is migrated.
	exec(t, url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`)
	folder := starterFolder(t)
	var filled [3]bool
	var wait sync.WaitGroup
	for i := range filled {
		db := pgtest.Open(t, url)
		wait.Go(func() {
			if err := db.Migrate(t.Context(), slog.New(slog.DiscardHandler)); err != nil {
				t.Error(err)
				return
			}
			var err error
			if filled[i], err = db.Start(t.Context(), folder); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()

	if times := strings.Count(fmt.Sprint(filled), "true"); times != 1 {
		t.Errorf("filled by %d of 3 instances, want 1", times)
	}
}

func TestHistoriesRefuseChange(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	if _, err := db.Start(t.Context(), starterFolder(t)); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE facts SET value = ''`, `DELETE FROM facts`,
		`UPDATE revisions SET number = 9`, `DELETE FROM revisions`,
		`UPDATE editions SET number = 9`, `DELETE FROM editions`,
		`UPDATE lead_history SET kind = 'moved'`, `DELETE FROM lead_history`,
		`UPDATE erasures SET at = now()`, `DELETE FROM erasures`,
		`UPDATE promise_changes SET places = 9`, `DELETE FROM promise_changes`,
	} {
		if err := pgtest.Exec(t, url, sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

func TestEveryTableSaysWhatItIs(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)

	exec(t, url, `
		DO $$ DECLARE silent text; BEGIN
			SELECT string_agg(relname, ', ') INTO silent FROM pg_class
			WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
			  AND relname NOT LIKE 'goose%' AND relname NOT LIKE 'river%' AND obj_description(oid) IS NULL;
			IF silent IS NOT NULL THEN RAISE EXCEPTION 'no comment on %', silent; END IF;
		END $$`)
}

func TestOneSetupLinkMakesOneMember(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	first, second := staff.Digest("first"), staff.Digest("second")
	for _, link := range [][]byte{first, second} {
		if needed, err := db.NewSetupLink(t.Context(), link); err != nil || !needed {
			t.Fatalf("needed %v: %v", needed, err)
		}
	}
	errs := make([]error, 2)
	var wait sync.WaitGroup
	for i, link := range [][]byte{first, second} {
		wait.Go(func() {
			n := staff.NewMember{Email: []string{"a@example.org", "b@example.org"}[i], Name: "Sample", Role: staff.Admin}
			errs[i] = db.SetUp(t.Context(), link, n, "hash", "UTC")
		})
	}
	wait.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("want one member, got %v", errs)
	}
	if needed, err := db.NewSetupLink(t.Context(), staff.Digest("third")); err != nil || needed {
		t.Errorf("a link is still made with a member there (%v)", err)
	}
}
