package postgres_test

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
	"tiebreak/migrations"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestMigratingAgainAppliesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()

	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	steps, err := db.Migrations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil || len(steps) != len(files) {
		t.Fatalf("%d steps of %d files (%v)", len(steps), len(files), err)
	}
	for _, s := range steps {
		if s.AppliedAt.IsZero() {
			t.Errorf("%s is still pending", s.Name)
		}
	}
}

func TestInstancesThatStartAtOnceMigrateAndFillOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	// Back to an empty database: the template is migrated.
	if err := pgtest.Exec(t, url, `DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
		t.Fatal(err)
	}
	folder := starterFolder(t)
	var filled [3]bool
	var wait sync.WaitGroup
	for i := range filled {
		db := pgtest.Open(t, url)
		wait.Go(func() {
			if err := db.Migrate(context.Background()); err != nil {
				t.Error(err)
				return
			}
			var err error
			if filled[i], err = db.Start(context.Background(), folder); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()

	times := 0
	for _, f := range filled {
		if f {
			times++
		}
	}
	if times != 1 {
		t.Errorf("filled by %d of 3 instances, want 1", times)
	}
}

func TestHistoriesRefuseChange(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	if _, err := db.Start(context.Background(), starterFolder(t)); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE facts SET value = ''`, `DELETE FROM facts`,
		`UPDATE revisions SET number = 9`, `DELETE FROM revisions`,
		`UPDATE editions SET number = 9`, `DELETE FROM editions`,
		`UPDATE lead_history SET kind = 'moved'`, `DELETE FROM lead_history`,
	} {
		if err := pgtest.Exec(t, url, sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}

func TestEveryTableSaysWhatItIs(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)

	err := pgtest.Exec(t, url, `
		DO $$ DECLARE silent text; BEGIN
			SELECT string_agg(relname, ', ') INTO silent FROM pg_class
			WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'goose%'
			  AND obj_description(oid) IS NULL;
			IF silent IS NOT NULL THEN RAISE EXCEPTION 'no comment on %', silent; END IF;
		END $$`)
	if err != nil {
		t.Error(err)
	}
}

func TestChangedFactMakesAnEditionOfTheGuidesThatShowIt(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	folder := starterFolder(t)
	if _, err := db.Start(ctx, folder); err != nil {
		t.Fatal(err)
	}
	before := current(t, db)

	if err := db.SaveFolder(ctx, guide.Folder{Options: folder.Options}); err != nil {
		t.Fatal(err)
	}
	if same := current(t, db); same.Digest != before.Digest {
		t.Errorf("saving the same facts made edition %s of %s", same.Digest, before.Digest)
	}

	django := folder.Options[0]
	fact := django.Facts["admin"]
	fact.Value = "Built in, and re-worded"
	django.Facts["admin"] = fact
	if err := db.SaveFolder(ctx, guide.Folder{Options: []guide.Option{django}}); err != nil {
		t.Fatal(err)
	}
	after := current(t, db)
	if after.Digest == before.Digest || after.Options[0].Facts["admin"].Value != fact.Value {
		t.Errorf("edition %s shows %q", after.Digest, after.Options[0].Facts["admin"].Value)
	}
	if after.Options[0].Facts["admin"].Version != 2 || after.Options[0].Facts["data"].Version != 1 {
		t.Error("a version was made of a fact that did not change, or none of the one that did")
	}
	old, err := db.EditionOf(ctx, "django-vs-fastapi", before.Digest)
	if err != nil || old.Options[0].Facts["admin"].Value == fact.Value {
		t.Errorf("the old edition changed: %v", err)
	}
}

func TestGuideOfAnUnknownOptionIsRefusedWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	folder := starterFolder(t)
	folder.Options = folder.Options[:1]

	if err := db.SaveFolder(ctx, folder); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %v, want not found", err)
	}
	if guides, err := db.Guides(ctx); err != nil || len(guides) != 0 {
		t.Errorf("%d guides are there (%v)", len(guides), err)
	}
}

func TestOneSetupLinkMakesOneMember(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := context.Background()
	first, second := staff.Digest("first"), staff.Digest("second")
	for _, link := range [][]byte{first, second} {
		if needed, err := db.NewSetupLink(ctx, link); err != nil || !needed {
			t.Fatalf("needed %v: %v", needed, err)
		}
	}
	errs := make([]error, 2)
	var wait sync.WaitGroup
	for i, link := range [][]byte{first, second} {
		wait.Go(func() {
			n := staff.NewMember{Email: []string{"a@example.org", "b@example.org"}[i], Name: "Sample", Role: staff.Admin}
			errs[i] = db.SetUp(ctx, link, n, "hash")
		})
	}
	wait.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("want one member, got %v", errs)
	}
	if needed, err := db.NewSetupLink(ctx, staff.Digest("third")); err != nil || needed {
		t.Errorf("a link is still made with a member there (%v)", err)
	}
}

func starterFolder(t *testing.T) guide.Folder {
	t.Helper()
	folder, err := guide.ReadFolder(starter.FS)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func current(t *testing.T, db *postgres.DB) *guide.Edition {
	t.Helper()
	e, err := db.CurrentEdition(context.Background(), "django-vs-fastapi")
	if err != nil {
		t.Fatal(err)
	}
	return e
}
