package postgres_test

import (
	"slices"
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
		"admin django":        {guide.CriterionEntry, "Admin interface", "Django: "},
		"postgres json":       {guide.CriterionEntry, "JSON", "PostgreSQL: One index"},
		"is fastapi faster":   {guide.QuestionEntry, "Is FastAPI faster than ", ""},
		"fastapi vs. django":  {guide.GuideEntry, "Django vs FastAPI", "Choose"},
		"Django vs FastAPI":   {guide.GuideEntry, "Django vs FastAPI", ""},
		"django-vs-fastapi":   {guide.GuideEntry, "Django vs FastAPI", ""},
		"flask fastapi":       {guide.GuideEntry, "FastAPI vs Flask", ""},
		"Flask or Django":     {guide.GuideEntry, "Django vs Flask", ""},
		"django":              {guide.OptionEntry, "Django", "framework"},
		"ＤＪＡＮＧＯ":              {guide.OptionEntry, "Django", "framework"},
		"Vue.js":              {guide.OptionEntry, "Vue", ""},
		"golang vs rust":      {guide.GuideEntry, "Go vs Rust", ""},
		"reactjs vs vue.js":   {guide.GuideEntry, "React vs Vue", ""},
		"postgres vs mysql":   {guide.GuideEntry, "PostgreSQL vs MySQL", ""},
		"Vue's":               {guide.OptionEntry, "Vue", ""},
		"what’s Django":       {guide.OptionEntry, "Django", ""},
		"Django’s admin":      {guide.CriterionEntry, "Admin interface", ""},
		"postgre":             {guide.OptionEntry, "PostgreSQL", ""},
		"licences":            {guide.CriterionEntry, "Licence", ""},
		"Kann ich Django?":    {guide.OptionEntry, "Django", ""},
		"admin' & !django:*)": {guide.CriterionEntry, "Admin interface", ""},
	} {
		r := search(t, db, asked)
		if len(r.Found) == 0 {
			t.Errorf("%q finds nothing", asked)
			continue
		}
		best := r.Found[0]
		if best.Kind != want.kind || !strings.HasPrefix(best.Title, want.title) || strings.Contains(want.title, "vs") &&
			best.Title != want.title ||
			!strings.Contains(best.Words, want.words) {
			t.Errorf("%q finds first %+v", asked, best)
		}
		if len(r.Missing) > 0 || r.Meant != "" {
			t.Errorf("%q: missing %q, meant %q", asked, r.Missing, r.Meant)
		}
	}
}

func TestSearchForAnOptionFindsItsGuidesBeforeQuestions(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	r := search(t, db, "django")
	kinds := make([]guide.EntryKind, 0, 4)
	for _, f := range r.Found[:4] {
		kinds = append(kinds, f.Kind)
	}
	want := []guide.EntryKind{guide.OptionEntry, guide.GuideEntry, guide.GuideEntry, guide.GuideEntry}
	if !slices.Equal(kinds, want) {
		t.Errorf("it finds first %q", kinds)
	}
	if !r.Cut || search(t, db, "django admin").Cut {
		t.Error("a search does not know whether it leaves results out")
	}
}

func search(t *testing.T, db *postgres.DB, asked string) postgres.Results {
	t.Helper()
	r, err := db.Search(t.Context(), asked)
	if err != nil {
		t.Fatalf("%s: %v", asked, err)
	}
	return r
}

func TestSearchLeavesUnknownNamesAlone(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for _, asked := range []string{
		"litestar", "rails", "laravel", "node", "redis", "mongodb", "spring", "express", "grpc", "dead", "is flask dead", "java",
		"kotlin", "🦊", "the",
	} {
		r := search(t, db, asked)
		if r.Meant != "" || len(r.Missing) > 0 {
			t.Errorf("%q: meant %q, missing %q", asked, r.Meant, r.Missing)
		}
		for _, f := range r.Found {
			if !strings.Contains(strings.ToLower(f.Title+f.Place+f.Words), asked) && !r.Loose {
				t.Errorf("%q finds %+v", asked, f)
			}
		}
	}
}

func TestSearchOffersWhatAMisspeltWordMayMean(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for asked, want := range map[string]string{
		"djagno": "django", "djagno admin": "django admin", "Fastpi vs Django": "fastapi vs Django", "websokets": "websockets",
		"securty": "security", "license": "licence", "Postgressql": "postgresql", "xyzzyq": "",
	} {
		r := search(t, db, asked)
		if r.Meant != want {
			t.Errorf("%q may mean %q, want %q", asked, r.Meant, want)
		}
		for _, f := range r.Found {
			if !r.Loose && len(r.Missing) == 0 {
				t.Errorf("%q finds %q before the reader agreed to that", asked, f.Title)
			}
		}
		if want != "" && len(search(t, db, want).Found) == 0 {
			t.Errorf("%q, which is offered, finds nothing", want)
		}
	}
}

func TestSearchSaysWhichComparisonDoesNotExist(t *testing.T) {
	t.Parallel()
	db, _ := started(t)

	for asked, want := range map[string][]string{
		"fastapi vs litestar":    {"FastAPI", "litestar"},
		"Litestar vs. FastAPI":   {"Litestar", "FastAPI"},
		"flask-vs-rails":         {"Flask", "rails"},
		"django or react":        {"Django", "React"},
		"rails vs laravel":       {"rails", "laravel"},
		"Go vs Rust vs Zig":      {"Go", "Rust", "Zig"},
		"slow or fast":           nil,
		"is django good or bad?": nil,
		"django vs":              nil,
	} {
		r := search(t, db, asked)
		if !slices.Equal(r.Missing, want) {
			t.Errorf("%q: missing %q, want %q", asked, r.Missing, want)
		}
		if r.Meant != "" {
			t.Errorf("%q may mean %q", asked, r.Meant)
		}
	}
	for i, f := range search(t, db, "fastapi vs litestar").Found {
		if f.Kind != guide.GuideEntry || !strings.Contains(f.Title, "FastAPI") {
			t.Errorf("result %d is %+v", i, f)
		}
	}
	if nearest := search(t, db, "Go vs Rust vs Zig").Found; len(nearest) == 0 || nearest[0].Title != "Go vs Rust" {
		t.Errorf("nearest to Go vs Rust vs Zig: %+v", nearest)
	}
}

func TestMissingSearchEntriesAreMadeAtTheStart(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	folder := starterFolder(t)
	if _, err := db.Start(t.Context(), folder); err != nil {
		t.Fatal(err)
	}
	if guides, err := db.Index(t.Context()); err != nil || guides != 0 {
		t.Errorf("%d guides of a site that is up to date (%v)", guides, err)
	}
	// As a version before the search left it.
	exec(t, url, `DELETE FROM search_entries; UPDATE guides SET indexed = ''`)
	if guides, err := db.Index(t.Context()); err != nil || guides != len(folder.Guides) {
		t.Errorf("%d guides of %d (%v)", guides, len(folder.Guides), err)
	}
	for _, asked := range []string{"django admin", "django"} {
		if r, err := db.Search(t.Context(), asked); err != nil || len(r.Found) == 0 {
			t.Errorf("%q finds nothing (%v)", asked, err)
		}
	}
}
