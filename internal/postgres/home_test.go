package postgres_test

import (
	"testing"

	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
)

func TestHomeIsReadInOneRoundTrip(t *testing.T) {
	t.Parallel()
	db, trips := pgtest.OpenCounted(t, pgtest.NewURL(t))
	if _, err := db.Start(t.Context(), starterFolder(t)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the first call prepares the statements
		trips.Take()
		home, err := db.Home(t.Context(), postgres.GuideList{Most: 6, Share: 600}, 20)
		if err != nil || len(home.Guides) != len(starterFolder(t).Guides) || home.Featured == nil || len(home.Publications) != 1 {
			t.Fatalf("%+v (%v)", home, err)
		}
	}
	if sent := trips.Take(); len(sent) != 1 {
		t.Errorf("%d round trips: %q", len(sent), sent)
	}
}

func TestEachShelfListsItsShare(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	for _, one := range []struct{ most, share, want int }{{1, 0, 5}, {1, 10, 7}, {1, 20, 9}, {3, 10, 8}} {
		guides, err := db.Guides(t.Context(), postgres.GuideList{Most: one.most, Share: one.share})
		if err != nil || len(guides) != one.want {
			t.Errorf("%+v: %d guides (%v)", one, len(guides), err)
		}
	}
}

// TestListsOfGuidesAreFilledInAtTheStart begins with guides as a version without these columns left them.
func TestListsOfGuidesAreFilledInAtTheStart(t *testing.T) {
	t.Parallel()
	url := pgtest.NewURL(t)
	db := pgtest.Open(t, url)
	if _, err := db.Start(t.Context(), starterFolder(t)); err != nil {
		t.Fatal(err)
	}
	exec(t, url, `UPDATE guides SET short = '{}', sources = 0, checked = NULL, indexed = edition || '/3.2'`)
	if _, err := db.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	guides, err := db.Guides(t.Context(), postgres.GuideList{Most: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range guides {
		if g.Sources == 0 || g.Checked.IsZero() || g.Options[0].Short == "" {
			t.Errorf("%+v", g)
		}
	}
}
