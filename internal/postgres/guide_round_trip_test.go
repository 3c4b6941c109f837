package postgres_test

import (
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
	put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{another(*first(exported(t, db)))}}, Publish: true})
}

// another returns the guide under its other slug.
func another(g guide.Guide) guide.Guide {
	g.Slug, g.Formerly = renamed, []string{slug}
	return g
}

func told(t *testing.T, db *postgres.DB, slug string) []string {
	t.Helper()
	changes, err := db.Changes(t.Context(), slug, 100)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, c := range changes {
		told = append(told, c.FirstSlug+" "+c.ThenSlug+" "+c.Digest+" "+strings.Join(c.Changes, " "))
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
	if old, err := db.EditionOf(t.Context(), renamed, edition.Digest); err != nil || old.Digest != edition.Digest {
		t.Errorf("the old edition is not the guide's: %v", err)
	}
	wantRedirectsTo(t, db, slug, renamed)
}

func TestDraftOfARenameMovesNothingUntilItIsPublished(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	g := another(*first(folder))

	drafts(t, db, g)
	if current(t, db).Guide.Slug != slug {
		t.Error("the draft moved the guide")
	}
	wantChange(t, publish(t, db, g), "guide "+renamed, "revision 2 published, renamed from "+slug)
	wantNotServed(t, db, slug)
}

func TestGuideCanBeRenamedBack(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	rename(t, db)

	g := *first(folder)
	g.Formerly = []string{renamed}
	publish(t, db, g)
	wantRedirectsTo(t, db, renamed, slug)
	if at := current(t, db).Guide.Slug; at != slug {
		t.Errorf("it stands at %s", at)
	}
}

func TestImportNeverBringsBackARenamedGuide(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	old := exported(t, db)
	rename(t, db)

	for _, publish := range []bool{true, false} {
		first(old).Title = "An edit of long ago"
		changes := put(t, db, postgres.Import{Folder: old, Publish: publish})
		wantChange(t, changes, "guide "+slug, "skipped: this guide is now "+renamed+"…")
	}
	wantNotServed(t, db, slug)
	if slices.ContainsFunc(exported(t, db).Guides, func(g guide.Guide) bool { return g.Slug == slug }) {
		t.Error("the export holds the old guide")
	}
}

func TestLeftOverFileOfARenamedGuideIsSkippedInAFreshDatabase(t *testing.T) {
	t.Parallel()
	db, folder := pgtest.New(t), starterFolder(t)
	folder.Guides = append(folder.Guides, another(*first(folder)))

	changes := put(t, db, postgres.Import{Folder: folder, Publish: true})
	wantChange(t, changes, "guide "+slug, "skipped: this guide is now "+renamed+"…")
	wantRedirectsTo(t, db, slug, renamed)
}

func TestExportOfAGuideHoldsItsOptions(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	folder, err := db.Export(t.Context(), []string{slug, "django-vs-flask"}, false)
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
	if _, err := db.Export(t.Context(), []string{slug}, false); err == nil ||
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
		_, err := db.Import(t.Context(), in)
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
	var whole guide.Site
	for _, part := range whole.Parts() {
		*part.Text = "Some words for " + part.Name
	}
	put(t, db, postgres.Import{Folder: guide.Folder{Site: whole.All()}})
	out, err := db.Export(t.Context(), nil, false)
	if err != nil {
		t.Fatal(err)
	}
	wantChange(t, put(t, db, postgres.Import{Folder: guide.Folder{Site: out.Site}}), "site", "unchanged")
	if got := settings(t, db).Site; got != whole {
		t.Errorf("the site is %+v", got)
	}

	name, blank := "Another", ""
	part := postgres.Import{Folder: guide.Folder{Site: &guide.SiteChange{Name: &name, Sells: &blank}}}
	wantChange(t, put(t, db, part), "site", "name, sells changed")
	wantChange(t, put(t, db, part), "site", "unchanged")
	want := whole
	want.Name, want.Sells = name, blank
	if got := settings(t, db).Site; got != want {
		t.Errorf("the site is %+v", got)
	}
}

func TestFactsThatAFileLeavesOutAreSaidToStay(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	o := folder.Options[0]
	delete(o.Facts, "admin")

	changes := put(t, db, postgres.Import{Folder: guide.Folder{Options: []guide.Option{o}}})
	wantChange(t, changes, "option "+o.Slug, "unchanged; 1 facts that the file leaves out stay")
}
