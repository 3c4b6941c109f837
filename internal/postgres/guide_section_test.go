package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// editor adds a member who edits guides and returns their number.
func editor(t *testing.T, db *postgres.DB) int64 {
	t.Helper()
	if err := db.AddMember(t.Context(), staff.NewMember{
		Email: "editor@example.org", Name: "Sample Editor", Role: staff.Editor,
	}, "a hash"); err != nil {
		t.Fatal(err)
	}
	m, _, err := db.MemberByEmail(t.Context(), "editor@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

func sectionNamed(t *testing.T, name string) section.Section {
	t.Helper()
	s, known := section.Named(name)
	if !known {
		t.Fatalf("there is no section %s", name)
	}
	return s
}

func edit(t *testing.T, db *postgres.DB, member int64, change func(g *guide.Guide)) {
	t.Helper()
	err := db.EditDraft(t.Context(), slug, member, func(d *postgres.Draft) error {
		change(&d.Guide)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func draftOf(t *testing.T, db *postgres.DB) postgres.Draft {
	t.Helper()
	d, err := db.Draft(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraftIsServedOnceItIsPublished(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member, before := editor(t, db), current(t, db)
	if d := draftOf(t, db); d.Differs() {
		t.Error("an untouched draft differs from what is published")
	}
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "Another headline" })
	d := draftOf(t, db)
	if !d.Differs() || d.Changes["verdict"].Member != "Sample Editor" || current(t, db).Digest != before.Digest {
		t.Errorf("changes %v", d.Changes)
	}
	if err := db.PublishDraft(t.Context(), slug, member, "what it was before"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a draft that the member did not see: %v", err)
	}
	if err := db.PublishDraft(t.Context(), slug, member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	if e := current(t, db); e.Guide.Verdict.Headline != "Another headline" || e.Revision != 2 {
		t.Errorf("revision %d says %q", e.Revision, e.Guide.Verdict.Headline)
	}
	if d := draftOf(t, db); d.Differs() || len(d.Changes) > 0 {
		t.Errorf("what was published is still a draft: %v", d.Changes)
	}
}

func TestDraftThatTheCheckRefusesIsNotPublished(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member, before := editor(t, db), current(t, db)
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "" })
	err := db.PublishDraft(t.Context(), slug, member, draftOf(t, db).StateDigest())
	if invalid, is := errors.AsType[fault.Invalid](err); !is || invalid.For("verdict.headline") != "verdict.headline is missing" {
		t.Errorf("got %v", err)
	}
	if current(t, db).Digest != before.Digest || draftOf(t, db).Guide.Verdict.Headline != "" {
		t.Error("the draft was published or lost")
	}
}

func TestImportOfOtherSectionsMergesWithTheDraft(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member := editor(t, db)
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "The editor's headline" })
	first(folder).Call.Heading = "The file's heading"
	put(t, db, postgres.Import{Folder: folder, Publish: true})

	d := draftOf(t, db)
	if len(d.Conflicts()) > 0 || d.Guide.Call.Heading != "The file's heading" || !d.Differs() {
		t.Errorf("conflicts %v, heading %q", d.Conflicts(), d.Guide.Call.Heading)
	}
	if err := db.PublishDraft(t.Context(), slug, member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	g := current(t, db).Guide
	if g.Call.Heading != "The file's heading" || g.Verdict.Headline != "The editor's headline" {
		t.Errorf("published: %q and %q", g.Call.Heading, g.Verdict.Headline)
	}
}

func TestImportOfTheSameSectionIsAConflictUntilAMemberSettlesIt(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{true, false} {
		db, folder := started(t)
		member := editor(t, db)
		edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "The editor's first headline" })
		first(folder).Verdict.Headline = "The file's headline"
		put(t, db, postgres.Import{Folder: folder, Publish: true})
		edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "The editor's headline" }) // which settles nothing

		d := draftOf(t, db)
		if !d.Changes["verdict"].Conflict || d.Guide.Verdict.Headline != "The editor's headline" ||
			d.Latest.Verdict.Headline != "The file's headline" {
			t.Fatalf("changes %v", d.Changes)
		}
		if err := db.PublishDraft(t.Context(), slug, member, d.StateDigest()); !errors.Is(err, fault.Conflict) {
			t.Errorf("published over a conflict: %v", err)
		}
		verdict := sectionNamed(t, "verdict")
		if err := db.SettleSection(t.Context(), slug, verdict, member, "other texts", keep); !errors.Is(err, fault.Conflict) {
			t.Errorf("settled texts that nobody saw: %v", err)
		}
		if err := db.SettleSection(t.Context(), slug, verdict, member, d.Choice(verdict), keep); err != nil {
			t.Fatal(err)
		}
		want := "The file's headline"
		if keep {
			want = "The editor's headline"
		}
		if d = draftOf(t, db); len(d.Conflicts()) > 0 || d.Guide.Verdict.Headline != want || d.Differs() != keep {
			t.Errorf("settled, keep %v: %q, conflicts %v", keep, d.Guide.Verdict.Headline, d.Conflicts())
		}
	}
}

func TestChangesOfADraftFollowTheGuideToAnotherAddress(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member := editor(t, db)
	first(folder).Verdict.Headline = "The file's headline" // which is not published
	put(t, db, postgres.Import{Folder: folder})
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "The editor's headline" })
	if err := db.ChangeAddress(t.Context(), slug, "another-address", member, draftOf(t, db).StateDigest()); err != nil {
		t.Fatal(err)
	}
	d := draftOf(t, db)
	if d.Slug != "another-address" || d.Guide.Verdict.Headline != "The editor's headline" || len(d.Conflicts()) > 0 {
		t.Errorf("%s says %q, conflicts %v", d.Slug, d.Guide.Verdict.Headline, d.Conflicts())
	}
}

func TestDiscardedDraftSaysWhatIsPublishedAgain(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member, before := editor(t, db), current(t, db)
	first(folder).Title = "A draft from a file"
	put(t, db, postgres.Import{Folder: folder})
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "A draft from the site" })
	d := draftOf(t, db)
	if d.Guide.Title != "A draft from a file" || d.Guide.Verdict.Headline != "A draft from the site" {
		t.Errorf("the draft says %q and %q", d.Guide.Title, d.Guide.Verdict.Headline)
	}
	if err := db.DiscardDraft(t.Context(), slug, member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	if d = draftOf(t, db); d.Differs() || current(t, db).Digest != before.Digest {
		t.Errorf("the draft still says %q", d.Guide.Title)
	}
	guides, err := db.EveryGuide(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range guides {
		if g.Slug == slug && (g.DraftNewer || g.ChangedBy != "Sample Editor") {
			t.Errorf("listed as %+v", g)
		}
	}
	if out, err := db.Export(t.Context(), nil, true); err != nil || len(out.Drafts) > 0 {
		t.Errorf("exported drafts %v (%v)", out.Drafts, err)
	}
}

func TestNewGuideTakesNoAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member := editor(t, db)
	g := *first(folder)
	if err := db.StartGuide(t.Context(), g, member); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second guide at %s: %v", g.Slug, err)
	}
	g.Slug = "a-new-guide"
	if err := db.StartGuide(t.Context(), g, member); err != nil {
		t.Fatal(err)
	}
	d, err := db.Draft(t.Context(), g.Slug)
	if err != nil || d.Live != nil {
		t.Fatal(err)
	}
	if err := db.PublishDraft(t.Context(), g.Slug, member, d.StateDigest()); err != nil {
		t.Fatal(err)
	}
	if e, err := db.CurrentEdition(t.Context(), g.Slug); err != nil || e.Revision != 1 {
		t.Errorf("published: %v", err)
	}
}

func TestFileOfADraftThatWasEditedOnTheSiteCarriesTheEdits(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "From the site" })
	out, err := db.Export(t.Context(), []string{slug}, true)
	if err != nil || len(out.Drafts) != 1 || first(out.Folder).Verdict.Headline != "From the site" {
		t.Fatalf("drafts %v (%v)", out.Drafts, err)
	}
	first(out.Folder).Call.Heading = "From the file"
	if got := what(put(t, db, postgres.Import{Folder: out.Folder}), "guide "+slug); !strings.Contains(got, "draft") {
		t.Errorf("imported: %s", got)
	}
	d := draftOf(t, db)
	if len(d.Changes) > 0 || d.Guide.Verdict.Headline != "From the site" || d.Guide.Call.Heading != "From the file" {
		t.Errorf("changes %v, headline %q, heading %q", d.Changes, d.Guide.Verdict.Headline, d.Guide.Call.Heading)
	}
}
