package postgres_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

const renamed = "python-web"

// rename publishes the first guide under another slug.
func rename(t *testing.T, db *postgres.DB) {
	t.Helper()
	folder := exported(t, db)
	g := *first(folder)
	g.Slug, g.Formerly = renamed, []string{slug}
	put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}, Publish: true})
}

func told(t *testing.T, db *postgres.DB, slug string) []string {
	t.Helper()
	changes, err := db.Changes(context.Background(), slug, 100)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range changes {
		told = append(told, c.First+" "+c.Then+" "+c.Digest+" "+strings.Join(c.Changes, " "))
	}
	return told
}

func TestRenamedGuideKeepsItsHistory(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	reword(&folder, "admin", "Built in, and re-worded")
	put(t, db, postgres.Import{Folder: folder, Publish: true})
	before, edition := told(t, db, slug), current(t, db)

	rename(t, db)
	if after := told(t, db, renamed); !slices.Equal(before, after) || len(after) < 2 {
		t.Errorf("the history was\n%q and is\n%q", before, after)
	}
	if old, err := db.EditionOf(context.Background(), renamed, edition.Digest); err != nil || old.Digest != edition.Digest {
		t.Errorf("the old edition is not the guide's: %v", err)
	}
	if to, err := db.GuideNow(context.Background(), slug); to != renamed || err != nil {
		t.Errorf("the old address leads to %q (%v)", to, err)
	}
}

func TestDraftOfARenameMovesNothingUntilItIsPublished(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	g := *first(folder)
	g.Slug, g.Formerly = renamed, []string{slug}
	in := postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}}

	put(t, db, in)
	if current(t, db).Guide.Slug != slug {
		t.Error("the draft moved the guide")
	}
	in.Publish = true
	if got := what(put(t, db, in), "guide "+renamed); got != "revision 2 published, renamed from "+slug {
		t.Errorf("got %q", got)
	}
	if _, err := db.CurrentEdition(context.Background(), slug); !errors.Is(err, fault.NotFound) {
		t.Errorf("the old address still serves: %v", err)
	}
}

func TestGuideCanBeRenamedBack(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	rename(t, db)

	g := *first(folder)
	g.Formerly = []string{renamed}
	put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}, Publish: true})
	if to, err := db.GuideNow(context.Background(), renamed); current(t, db).Guide.Slug != slug || to != slug || err != nil {
		t.Errorf("it leads to %q (%v)", to, err)
	}
}

func TestImportNeverBringsBackARenamedGuide(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	old := exported(t, db)
	rename(t, db)

	for _, publish := range []bool{true, false} {
		first(old).Title = "An edit of long ago"
		got := what(put(t, db, postgres.Import{Folder: old, Publish: publish}), "guide "+slug)
		if !strings.HasPrefix(got, "skipped: this guide is now "+renamed) {
			t.Errorf("publish %v: %q", publish, got)
		}
	}
	if _, err := db.CurrentEdition(context.Background(), slug); !errors.Is(err, fault.NotFound) {
		t.Errorf("it is back: %v", err)
	}
	for _, g := range exported(t, db).Guides {
		if g.Slug == slug {
			t.Error("the export holds the old guide")
		}
	}
}

func TestLeftOverFileOfARenamedGuideIsSkippedInAFreshDatabase(t *testing.T) {
	t.Parallel()
	db, folder := pgtest.New(t), starterFolder(t)
	g := *first(folder)
	g.Slug, g.Formerly = renamed, []string{slug}
	folder.Guides = append(folder.Guides, g)

	if got := what(put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug); !strings.HasPrefix(got,
		"skipped: this guide is now "+renamed) {
		t.Errorf("got %q", got)
	}
	if to, err := db.GuideNow(context.Background(), slug); to != renamed || err != nil {
		t.Errorf("it leads to %q (%v)", to, err)
	}
}

func TestExportOfAGuideHoldsItsOptions(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	folder, err := db.Export(context.Background(), []string{slug, "django-vs-flask"}, false)
	if err != nil {
		t.Fatal(err)
	}
	var options []string
	for _, o := range folder.Options {
		options = append(options, o.Slug)
	}
	if !slices.Equal(options, []string{"django", "fastapi", "flask"}) || folder.Site != nil || folder.Options[0].BasedOn == "" {
		t.Errorf("options %v", options)
	}
	rename(t, db)
	if _, err := db.Export(context.Background(), []string{slug}, false); err == nil ||
		!strings.Contains(err.Error(), "is now "+renamed) {
		t.Errorf("the old name: %v", err)
	}
}

func TestGuideOfUnknownNamesIsADraftThatCannotBePublished(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	g := *first(folder)
	g.Options = append(slices.Clone(g.Options), "rials")
	g.Summary = slices.Clone(g.Summary)
	g.Summary[0].Fact, g.Summary[0].Values = "ormm", nil
	in := postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}}

	for _, in.DryRun = range []bool{true, false} {
		in.Publish = true
		_, err := db.Import(context.Background(), in)
		var invalid fault.Invalid
		if !errors.As(err, &invalid) || len(invalid) != 3 || !strings.Contains(err.Error(), `django has no fact "ormm"`) ||
			!strings.Contains(err.Error(), "there is no option rials") {
			t.Errorf("publishing (dry run %v): %v", in.DryRun, err)
		}
		in.Publish = false
		if got := what(put(t, db, in), "guide "+slug); !strings.Contains(got, "saved as draft 2") ||
			!strings.Contains(got, "no option rials") {
			t.Errorf("as a draft: %q", got)
		}
	}
}

func TestSiteFileChangesOnlyWhatItHolds(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	whole := guide.Site{Name: "Sample", RunBy: "A person", Contact: "a@example.org", Sells: "work", Address: "1 Street"}
	put(t, db, postgres.Import{Folder: guide.Folder{Site: whole.All()}})

	name, blank := "Another", ""
	part := postgres.Import{Folder: guide.Folder{Site: &guide.SiteChange{Name: &name, Sells: &blank}}}
	if got := what(put(t, db, part), "site"); got != "name, sells changed" {
		t.Errorf("got %q", got)
	}
	if got := what(put(t, db, part), "site"); got != "unchanged" {
		t.Errorf("again: %q", got)
	}
	settings, err := db.Settings(context.Background())
	if want := (guide.Site{Name: name, RunBy: "A person", Contact: "a@example.org", Address: "1 Street"}); err != nil ||
		settings.Site != want {
		t.Errorf("the site is %+v (%v)", settings.Site, err)
	}
}

func TestFactsThatAFileLeavesOutAreSaidToStay(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	o := folder.Options[0]
	delete(o.Facts, "admin")

	if got := what(put(t, db, postgres.Import{Folder: guide.Folder{Options: []guide.Option{o}}}), "option "+o.Slug); got !=
		"unchanged; 1 facts that the file leaves out stay" {
		t.Errorf("got %q", got)
	}
}
