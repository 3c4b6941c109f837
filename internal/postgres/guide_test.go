package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/starter"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

const slug = "django-vs-fastapi"

// started is a store with the starter guides, and what they were read from.
func started(t *testing.T) (*postgres.DB, guide.Folder) {
	t.Helper()
	db, folder := pgtest.New(t), starterFolder(t)
	if _, err := db.Start(context.Background(), folder); err != nil {
		t.Fatal(err)
	}
	return db, folder
}

func TestChangedFactMakesAnEditionOfTheGuidesThatShowIt(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	before := current(t, db)

	put(t, db, postgres.Import{Folder: folder})
	if same := current(t, db); same.Digest != before.Digest {
		t.Errorf("importing the same made edition %s of %s", same.Digest, before.Digest)
	}

	reword(&folder, "admin", "Built in, and re-worded")
	put(t, db, postgres.Import{Folder: folder})
	after := current(t, db)
	fact := after.Options[0].Facts["admin"]
	if after.Digest == before.Digest || fact.Value != "Built in, and re-worded" {
		t.Errorf("edition %s shows %q", after.Digest, fact.Value)
	}
	if fact.Version != 2 || after.Options[0].Facts["data"].Version != 1 {
		t.Error("a version was made of a fact that did not change, or none of the one that did")
	}
	old, err := db.EditionOf(context.Background(), slug, before.Digest)
	if err != nil || old.Options[0].Facts["admin"].Value == fact.Value {
		t.Errorf("the old edition changed: %v", err)
	}
}

func TestWhatRestsOnAChangedFactIsReReadUntilTheGuideIsPublishedAgain(t *testing.T) {
	t.Parallel()
	db, folder := started(t)

	recheck(&folder, "admin", "2026-11-30")
	put(t, db, postgres.Import{Folder: folder})
	if e := current(t, db); e.Rereading([]string{"admin"}) {
		t.Error("a mere re-check is under review")
	}
	reword(&folder, "admin", "Built in, and re-worded")
	put(t, db, postgres.Import{Folder: folder})
	if e := current(t, db); !e.Rereading([]string{"admin"}) || e.Rereading([]string{"data"}) {
		t.Errorf("under review: %v", e.Reread)
	}

	changes := put(t, db, postgres.Import{Folder: folder, Publish: true})
	if e := current(t, db); e.Rereading([]string{"admin"}) || !strings.Contains(what(changes, "guide "+slug), "published") {
		t.Errorf("still under review after %q", what(changes, "guide "+slug))
	}
	if again := what(put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug); again != "unchanged" {
		t.Errorf("publishing once more: %s", again)
	}
}

func TestUnpublishedGuideStaysADraft(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	before := current(t, db)

	first(folder).Title = "Another title"
	if got := what(put(t, db, postgres.Import{Folder: folder}),
		"guide "+slug); got != "saved as draft 2 (not public; publish it with --publish)" {
		t.Errorf("got %q", got)
	}
	if current(t, db).Digest != before.Digest {
		t.Error("a draft is served")
	}
	if got := what(put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug); got != "revision 2 published" {
		t.Errorf("got %q", got)
	}
	if current(t, db).Guide.Title != "Another title" {
		t.Error("the published draft is not served")
	}
}

func TestRoundTripThroughAnExportChangesNothing(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	ctx := context.Background()
	before := current(t, db)

	folder, err := db.Export(ctx, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range put(t, db, postgres.Import{Folder: folder.Folder, Publish: true}) {
		if c.What != "unchanged" {
			t.Errorf("%s: %s", c.Name, c.What)
		}
	}
	if current(t, db).Digest != before.Digest {
		t.Error("another edition")
	}
	if _, err := db.Export(ctx, []string{"cobol-vs-fortran"}, false); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown guide: %v", err)
	}
}

func TestFileOlderThanTheDatabaseIsAConflictAndChangesNothing(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	ctx := context.Background()
	mine, theirs := exported(t, db), exported(t, db)

	first(theirs).Title = "Their title"
	reword(&theirs, "admin", "Their words")
	put(t, db, postgres.Import{Folder: theirs, Publish: true})

	first(mine).Title = "My title"
	reword(&mine, "data", "My words")
	changes, err := db.Import(ctx, postgres.Import{Folder: mine, Publish: true})
	if !errors.Is(err, fault.Conflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	conflicts := 0
	for _, c := range changes {
		if c.Conflict {
			conflicts++
		}
	}
	e := current(t, db)
	if conflicts != 2 || e.Guide.Title != "Their title" || e.Options[0].Facts["data"].Value == "My words" {
		t.Errorf("%d conflicts, title %q", conflicts, e.Guide.Title)
	}
}

func TestDryRunSaysWhatItWouldDoAndDoesNothing(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	before := current(t, db)

	first(folder).Title = "Another title"
	changes := put(t, db, postgres.Import{Folder: folder, Publish: true, DryRun: true})
	if got := what(changes, "guide "+slug); got != "revision 2 published" {
		t.Errorf("got %q", got)
	}
	if current(t, db).Digest != before.Digest {
		t.Error("the dry run published")
	}
}

func TestGuideOfAnUnknownOptionIsRefusedWhole(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	folder := starterFolder(t)
	folder.Options = folder.Options[:1]

	var invalid fault.Invalid
	if _, err := db.Import(context.Background(), postgres.Import{Folder: folder, Publish: true}); !errors.As(err, &invalid) {
		t.Errorf("got %v, want it refused", err)
	}
	if guides, err := db.Guides(context.Background(), postgres.GuideList{Most: 1}); err != nil || len(guides) != 0 {
		t.Errorf("%d guides are there (%v)", len(guides), err)
	}
}

func starterFolder(t *testing.T) guide.Folder {
	t.Helper()
	folder, err := starter.Folder()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func exported(t *testing.T, db *postgres.DB) guide.Folder {
	t.Helper()
	out, err := db.Export(context.Background(), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return out.Folder
}

func put(t *testing.T, db *postgres.DB, in postgres.Import) []postgres.Change {
	t.Helper()
	changes, err := db.Import(context.Background(), in)
	if err != nil {
		t.Fatalf("%v: %+v", err, changes)
	}
	return changes
}

func what(changes []postgres.Change, name string) string {
	for _, c := range changes {
		if c.Name == name {
			return c.What
		}
	}
	return "not among the changes"
}

// first is the guide that these tests change.
func first(folder guide.Folder) *guide.Guide {
	return &folder.Guides[slices.IndexFunc(folder.Guides, func(g guide.Guide) bool { return g.Slug == slug })]
}

// reword changes what a fact of the first option says.
func reword(folder *guide.Folder, key, value string) {
	f := folder.Options[0].Facts[key]
	f.Value = value
	folder.Options[0].Facts[key] = f
}

// recheck changes only the day on which a fact of the first option was looked at.
func recheck(folder *guide.Folder, key, day string) {
	f := folder.Options[0].Facts[key]
	if err := f.Checked.UnmarshalText([]byte(day)); err != nil {
		panic(err)
	}
	folder.Options[0].Facts[key] = f
}

func current(t *testing.T, db *postgres.DB) *guide.Edition {
	t.Helper()
	e, err := db.CurrentEdition(context.Background(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
