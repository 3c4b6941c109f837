package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

const retired = "django-vs-flask"

// guideIn returns the folder's guide.
func guideIn(t *testing.T, folder guide.Folder, slug string) guide.Guide {
	t.Helper()
	i := slices.IndexFunc(folder.Guides, func(g guide.Guide) bool { return g.Slug == slug })
	if i < 0 {
		t.Fatalf("there is no guide %s", slug)
	}
	return folder.Guides[i]
}

// publish imports the guides, as files that say nothing of what they are based on.
func publish(t *testing.T, db *postgres.DB, guides ...guide.Guide) []postgres.Change {
	t.Helper()
	guides = slices.Clone(guides)
	for i := range guides {
		guides[i].BasedOn = ""
	}
	return put(t, db, postgres.Import{Folder: guide.Folder{Guides: guides}, Publish: true})
}

// retire has the first guide take over the address of another.
func retire(t *testing.T, db *postgres.DB) guide.Guide {
	t.Helper()
	heir := *first(exported(t, db))
	heir.Formerly = []string{retired}
	publish(t, db, heir)
	return heir
}

func TestRetiredGuideIsPublishedAgainOnceItsAddressIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, heirFirst := range []bool{true, false} {
		db, _ := started(t)
		old := guideIn(t, exported(t, db), retired)
		before := told(t, db, retired)
		heir := retire(t, db)
		if got := what(publish(t, db, old), "guide "+retired); !strings.Contains(got, "this guide is now "+slug) ||
			!strings.Contains(got, "formerly") {
			t.Errorf("while its address is listed: %q", got)
		}

		heir.Formerly = nil
		guides := []guide.Guide{heir, old}
		if !heirFirst {
			slices.Reverse(guides)
		}
		changes := publish(t, db, guides...)
		if got := what(changes, "guide "+slug); !strings.Contains(got, retired+" leads here no longer") {
			t.Errorf("the heir: %q", got)
		}
		wantChange(t, changes, "guide "+retired, "revision 1 published")
		if e, err := db.CurrentEdition(t.Context(), retired); err != nil || e.Guide.Slug != retired {
			t.Errorf("it is not served: %v", err)
		}
		if after := told(t, db, retired); !slices.Equal(after, before) {
			t.Errorf("its history was\n%q and is\n%q", before, after)
		}
		guideIn(t, exported(t, db), retired)
	}
}

func TestDraftGivesUpNoAddress(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	heir := retire(t, db)
	heir.Formerly = nil
	heir.BasedOn = ""
	drafts(t, db, heir)
	wantRedirectsTo(t, db, retired, slug)
}

func TestRetiredGuideTakesTheAddressOfItsHeir(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	old := guideIn(t, exported(t, db), retired)
	retire(t, db)

	old.Formerly = []string{slug}
	wantChange(t, publish(t, db, old), "guide "+retired, "revision 2 published")
	wantRedirectsTo(t, db, slug, retired)
	if _, err := db.CurrentEdition(t.Context(), retired); err != nil {
		t.Errorf("it is not served: %v", err)
	}
}

func TestGuideThatRetiresAnotherMustListTheAddressesThatLedToIt(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	rename(t, db)
	other := guideIn(t, exported(t, db), retired)
	other.Formerly = []string{renamed}

	_, err := db.Import(t.Context(), postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{other}}, Publish: true})
	var invalid fault.Invalid
	if !errors.As(err, &invalid) || len(invalid) != 1 || !strings.Contains(invalid[0].Message, slug) ||
		invalid[0].Name != "guide "+retired {
		t.Fatalf("got %v", err)
	}
	other.Formerly = append(other.Formerly, slug)
	publish(t, db, other)
	for _, former := range other.Formerly {
		wantRedirectsTo(t, db, former, retired)
	}
}

// A database of an earlier version may hold an address that the guide's file no longer lists.
func TestExportListsEveryAddressThatLeadsToTheGuide(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	if err := db.LeadHere(t.Context(), "an-old-address", slug); err != nil {
		t.Fatal(err)
	}
	g := *first(exported(t, db))
	if !slices.Equal(g.Formerly, []string{"an-old-address"}) {
		t.Fatalf("formerly: %v", g.Formerly)
	}
	put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{g}}, Publish: true})
	g.Formerly = nil
	publish(t, db, g)
	if to, err := db.GuideNow(t.Context(), "an-old-address"); !errors.Is(err, fault.NotFound) {
		t.Errorf("it leads to %q (%v)", to, err)
	}
}
