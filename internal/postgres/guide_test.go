package postgres_test

import (
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
	if _, err := db.Start(t.Context(), folder); err != nil {
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
	old, err := db.EditionOf(t.Context(), slug, before.Digest)
	if err != nil || old.Options[0].Facts["admin"].Value == fact.Value {
		t.Errorf("the old edition changed: %v", err)
	}
}

func TestWhatRestsOnAChangedFactIsUnderReviewUntilTheGuideIsPublishedAgain(t *testing.T) {
	t.Parallel()
	db, folder := started(t)

	admin := folder.Options[0].Facts["admin"]
	if err := admin.Checked.UnmarshalText([]byte("2026-11-30")); err != nil {
		t.Fatal(err)
	}
	folder.Options[0].Facts["admin"] = admin
	put(t, db, postgres.Import{Folder: folder})
	if e := current(t, db); e.IsUnderReview([]string{"admin"}) {
		t.Error("a mere re-check is under review")
	}
	reword(&folder, "admin", "Built in, and re-worded")
	put(t, db, postgres.Import{Folder: folder})
	if e := current(t, db); !e.IsUnderReview([]string{"admin"}) || e.IsUnderReview([]string{"data"}) {
		t.Errorf("under review: %v", e.UnderReview)
	}

	wantChange(t, put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug, "revision 2 published")
	if e := current(t, db); e.IsUnderReview([]string{"admin"}) {
		t.Error("still under review")
	}
	wantChange(t, put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug, "unchanged")
}

func TestUnpublishedGuideStaysADraft(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	before := current(t, db)

	first(folder).Title = "Another title"
	wantChange(t, put(t, db, postgres.Import{Folder: folder}), "guide "+slug,
		"saved as draft 2 (not public; publish it with --publish)")
	if current(t, db).Digest != before.Digest {
		t.Error("a draft is served")
	}
	wantChange(t, put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug, "revision 2 published")
	if current(t, db).Guide.Title != "Another title" {
		t.Error("the published draft is not served")
	}
}

func TestRoundTripThroughAnExportChangesNothing(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	before := current(t, db)

	for _, c := range put(t, db, postgres.Import{Folder: exported(t, db), Publish: true}) {
		if c.What != "unchanged" {
			t.Errorf("%s: %s", c.Name, c.What)
		}
	}
	if current(t, db).Digest != before.Digest {
		t.Error("another edition")
	}
	if _, err := db.Export(t.Context(), []string{"cobol-vs-fortran"}, false); !errors.Is(err, fault.NotFound) {
		t.Errorf("an unknown guide: %v", err)
	}
}

func TestFileOlderThanTheDatabaseIsAConflictAndChangesNothing(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	mine, theirs := exported(t, db), exported(t, db)

	first(theirs).Title = "Their title"
	reword(&theirs, "admin", "Their words")
	put(t, db, postgres.Import{Folder: theirs, Publish: true})

	first(mine).Title = "My title"
	reword(&mine, "data", "My words")
	imported, err := db.Import(t.Context(), postgres.Import{Folder: mine, Publish: true})
	if !errors.Is(err, fault.Conflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	conflicts := 0
	for _, c := range imported.Changes {
		if c.State == postgres.Outdated {
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
	wantChange(t, changes, "guide "+slug, "revision 2 published")
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
	if _, err := db.Import(t.Context(), postgres.Import{Folder: folder, Publish: true}); !errors.As(err, &invalid) {
		t.Errorf("got %v, want it refused", err)
	}
	if guides, err := db.Guides(t.Context(), postgres.GuideList{Most: 1}); err != nil || len(guides) != 0 {
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
	out, err := db.Export(t.Context(), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return out.Folder
}

func put(t *testing.T, db *postgres.DB, in postgres.Import) []postgres.Change {
	t.Helper()
	imported, err := db.Import(t.Context(), in)
	if err != nil {
		t.Fatalf("%v: %+v", err, imported)
	}
	return imported.Changes
}

// wantChange checks what an import says of one thing: these words, or words that begin with them and "…".
func wantChange(t *testing.T, changes []postgres.Change, name, want string) {
	t.Helper()
	got := what(changes, name)
	beginning, part := strings.CutSuffix(want, "…")
	if got != want && !(part && strings.HasPrefix(got, beginning)) {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

func what(changes []postgres.Change, name string) string {
	i := slices.IndexFunc(changes, func(c postgres.Change) bool { return c.Name == name })
	if i < 0 {
		return "not among the changes"
	}
	return changes[i].What
}

// drafts imports guides without publishing them.
func drafts(t *testing.T, db *postgres.DB, guides ...guide.Guide) []postgres.Change {
	t.Helper()
	return put(t, db, postgres.Import{Folder: guide.Folder{Guides: guides}})
}

// wantRedirectsTo checks where a former address leads.
func wantRedirectsTo(t *testing.T, db *postgres.DB, former, want string) {
	t.Helper()
	if to, err := db.GuideNow(t.Context(), former); to != want || err != nil {
		t.Errorf("%s leads to %q (%v), want %q", former, to, err, want)
	}
}

// wantNotServed checks that no guide stands at the address.
func wantNotServed(t *testing.T, db *postgres.DB, slug string) {
	t.Helper()
	if _, err := db.CurrentEdition(t.Context(), slug); !errors.Is(err, fault.NotFound) {
		t.Errorf("%s is served: %v", slug, err)
	}
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

func current(t *testing.T, db *postgres.DB) *guide.Edition {
	t.Helper()
	e, err := db.CurrentEdition(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
