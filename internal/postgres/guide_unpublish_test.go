package postgres_test

import (
	"errors"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/postgres"
)

func TestExportAndImportChangeNothingAfterActsOnTheSite(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	if err := db.ChangeAddress(t.Context(), slug, "another-address", member, draftOf(t, db).StateDigest()); err != nil {
		t.Fatal(err)
	}
	d, err := db.Draft(t.Context(), retired)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.UnpublishGuide(t.Context(), retired, "another-address", member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	for _, change := range put(t, db, postgres.Import{Folder: exported(t, db), Publish: true}) {
		if change.What != "unchanged" {
			t.Errorf("%s: %s", change.Name, change.What)
		}
	}
	wantRedirectsTo(t, db, slug, "another-address")
	wantRedirectsTo(t, db, retired, "another-address")
	if d, err = db.Draft(t.Context(), retired); err != nil {
		t.Fatal(err)
	}
	if err := db.PublishDraft(t.Context(), retired, member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.CurrentEdition(t.Context(), retired); err != nil {
		t.Errorf("it is not served: %v", err)
	}
}

// Only a file gives back an address that a file took.
func TestGuideThatAFileReplacedIsNotPublishedOnTheSite(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	retire(t, db)
	d, err := db.Draft(t.Context(), retired)
	if err != nil || !d.Replaced {
		t.Fatalf("replaced: %v (%v)", d.Replaced, err)
	}
	err = db.PublishDraft(t.Context(), retired, member, d.StateDigest())
	if _, refused := errors.AsType[fault.Invalid](err); !refused {
		t.Errorf("got %v", err)
	}
	wantRedirectsTo(t, db, retired, slug)
}
