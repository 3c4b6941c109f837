package postgres_test

import (
	"context"
	"strings"
	"testing"

	"tiebreak/internal/guide"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestSearchFindsWhatAPersonMeans(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for asked, want := range map[string]struct {
		kind         guide.EntryKind
		title, words string
	}{
		"djagno admin":        {guide.CriterionEntry, "Admin interface", "Django: Built in, generated from your models"},
		"admin django":        {guide.CriterionEntry, "Admin interface", "Django: "},
		"postgres json":       {guide.CriterionEntry, "JSON", "PostgreSQL: jsonb"},
		"is fastapi faster":   {guide.QuestionEntry, "Is FastAPI faster than ", ""},
		"fastapi vs. django":  {guide.GuideEntry, "Django vs FastAPI", "Choose"},
		"django":              {guide.OptionEntry, "Django", "framework"},
		"which licens":        {guide.CriterionEntry, "Licence", ""},
		"websokets":           {guide.CriterionEntry, "Real time", "WebSockets"},
		"Kann ich Django?":    {guide.OptionEntry, "Django", ""},
		"admin' & !django:*)": {guide.CriterionEntry, "Admin interface", ""},
	} {
		r, err := db.Search(context.Background(), asked)
		if err != nil {
			t.Errorf("%s: %v", asked, err)
			continue
		}
		if len(r.Found) == 0 {
			t.Errorf("%q finds nothing", asked)
			continue
		}
		best := r.Found[0]
		if best.Kind != want.kind || !strings.HasPrefix(plain(best.Title), want.title) || !strings.Contains(plain(best.Words), want.words) {
			t.Errorf("%q finds first %+v", asked, best)
		}
	}
}

func plain(marked string) string {
	return strings.NewReplacer(postgres.MatchStart, "", postgres.MatchEnd, "").Replace(marked)
}

func TestMissingSearchEntriesAreMadeAtTheStart(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	ctx := context.Background()
	folder := starterFolder(t)
	if _, err := db.Start(ctx, folder); err != nil {
		t.Fatal(err)
	}
	if guides, err := db.Index(ctx); err != nil || guides != 0 {
		t.Errorf("%d guides of a site that is up to date (%v)", guides, err)
	}
	// As a version before the search left it.
	if err := pgtest.Exec(t, url, `DELETE FROM search_entries; UPDATE guides SET indexed = ''`); err != nil {
		t.Fatal(err)
	}
	if guides, err := db.Index(ctx); err != nil || guides != len(folder.Guides) {
		t.Errorf("%d guides of %d (%v)", guides, len(folder.Guides), err)
	}
	for _, asked := range []string{"django admin", "django"} {
		if r, err := db.Search(ctx, asked); err != nil || len(r.Found) == 0 {
			t.Errorf("%q finds nothing (%v)", asked, err)
		}
	}
}
