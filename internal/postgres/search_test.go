package postgres_test

import (
	"context"
	"strings"
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestSearchFindsWhatAPersonMeans(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for asked, want := range map[string]struct{ address, words string }{
		"djagno admin":        {"/compare/django-vs-fastapi#r2", "Built in, generated from your models"},
		"admin django":        {"/compare/django-vs-fastapi#r2", "FastAPI: "},
		"is fastapi faster":   {"/compare/django-vs-fastapi#q-", ""},
		"fastapi vs. django":  {"/compare/django-vs-fastapi", "Choose"},
		"django":              {"/options/django", "framework"},
		"which licens":        {"/compare/django-vs-fastapi#r20", "BSD"},
		"websokets":           {"/compare/django-vs-fastapi#r11", ""},
		"Kann ich Django?":    {"/options/django", ""},
		"admin' & !django:*)": {"/compare/django-vs-fastapi#r2", ""},
	} {
		r, err := db.Search(context.Background(), asked)
		if err != nil {
			t.Errorf("%s: %v", asked, err)
			continue
		}
		if len(r.Found) == 0 || !strings.HasPrefix(r.Found[0].Address, want.address) || !strings.Contains(plain(r.Found[0].Words), want.words) {
			t.Errorf("%q finds first %+v", asked, first(r))
		}
	}
}

func first(r postgres.Results) any {
	if len(r.Found) == 0 {
		return "nothing"
	}
	return r.Found[0]
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
