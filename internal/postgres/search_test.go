package postgres_test

import (
	"context"
	"strings"
	"testing"

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
