package postgres_test

import (
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

func TestExportHoldsNoDraftUnlessDraftsAreAskedFor(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	draft, fresh := *first(folder), *first(folder)
	draft.Title = "A draft"
	fresh.Slug = "a-new-guide"
	drafts(t, db, draft, fresh)

	public, err := db.Export(t.Context(), nil, false)
	if err != nil || first(public.Folder).Title == draft.Title || !slices.Equal(public.Drafts, []string{fresh.Slug, slug}) {
		t.Errorf("drafts %v (%v)", public.Drafts, err)
	}
	if slices.ContainsFunc(public.Guides, func(g guide.Guide) bool { return g.Slug == fresh.Slug }) {
		t.Error("a guide that is not published was exported")
	}
	if _, err := db.Export(t.Context(), []string{fresh.Slug}, false); err == nil || !strings.Contains(err.Error(), "--drafts") {
		t.Errorf("a draft by name: %v", err)
	}
	whole, err := db.Export(t.Context(), nil, true)
	if err != nil || first(whole.Folder).Title != draft.Title || guideIn(t, whole.Folder, fresh.Slug).Title != fresh.Title {
		t.Errorf("with drafts: %v", err)
	}
}

func TestExportImportedUneditedPublishesNoDraft(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	draft := *first(folder)
	draft.Title = "A draft"
	drafts(t, db, draft)

	mine := exported(t, db)
	wantChange(t, put(t, db, postgres.Import{Folder: mine, Publish: true}), "guide "+slug, "unchanged; draft 2…")
	if current(t, db).Guide.Title == draft.Title {
		t.Error("the draft was published")
	}

	first(mine).Title = "An edit of what is published"
	imported, err := db.Import(t.Context(), postgres.Import{Folder: mine, Publish: true})
	if got := what(imported.Changes, "guide "+slug); err == nil || !strings.Contains(got, "--drafts") {
		t.Errorf("an edit beside a draft: %q (%v)", got, err)
	}
}
