package postgres_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/pgtest"
	"tiebreak/internal/postgres"
	"tiebreak/internal/staff"
)

// siteFiles returns the text of each file of an export of the whole site.
func siteFiles(t *testing.T, db *postgres.DB) map[string]string {
	t.Helper()
	files := map[string]string{}
	add := func(name string, content any) {
		text, err := yamlform.YAML(content)
		noError(t, err)
		files[name] = string(text)
	}
	folder := exported(t, db)
	for _, o := range folder.Options {
		add("options/"+o.Slug+".yaml", o)
	}
	for _, g := range folder.Guides {
		add("guides/"+g.Slug+".yaml", g)
	}
	add("site.yaml", folder.Site)
	return files
}

// readSite returns what the files hold.
func readSite(t *testing.T, files map[string]string) guide.Folder {
	t.Helper()
	var texts []yamlform.Text
	for _, name := range slices.Sorted(maps.Keys(files)) {
		texts = append(texts, yamlform.Text{Name: name, Content: []byte(files[name])})
	}
	read, findings := yamlform.Read(texts)
	if yamlform.Mistakes(findings) > 0 {
		t.Fatal(findings)
	}
	return yamlform.Collect(read)
}

func TestExportOfAnEditedSiteChangesNothingAndMakesTheSameSiteElsewhere(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	name := "Sample Studio"
	put(t, db, postgres.Import{Folder: guide.Folder{Site: &guide.SiteChange{Name: &name}}})
	admin := current(t, db).Options[0].Facts["admin"]
	admin.Value = "Corrected on the site"
	noError(t, db.ChangeFact(t.Context(), postgres.FactChange{
		Option: "django", Key: "admin", Seen: 1, Member: member, Act: staff.FactSaved, Fact: admin,
	}))
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "Published on the site." })
	noError(t, db.PublishDraft(t.Context(), slug, member, draftOf(t, db).StateDigest()))
	edit(t, db, member, func(g *guide.Guide) { g.Call.Heading = "A draft" })
	rails := guide.Option{Slug: "rails", Name: "Rails", Kind: "Framework", Homepage: "https://rubyonrails.org/"}
	noError(t, db.AddOption(t.Context(), rails, member))
	noError(t, db.RetireOption(t.Context(), "rails", true, member))

	files := siteFiles(t, db)
	if !strings.Contains(files["options/rails.yaml"], "retired: true\n") {
		t.Errorf("the file of the retired option does not say so:\n%s", files["options/rails.yaml"])
	}
	shown, draft := current(t, db), draftOf(t, db)
	for _, publish := range []bool{false, true} {
		for _, c := range put(t, db, postgres.Import{Folder: readSite(t, files), Publish: publish, Member: member}) {
			review := "unchanged; it stays under review, since the file was not edited"
			if c.State != postgres.Unchanged || c.What != "unchanged" && !strings.HasPrefix(c.What, review) {
				t.Errorf("%s: %s", c.Name, c.What)
			}
		}
	}
	now := current(t, db)
	if now.Digest != shown.Digest || now.Revision != shown.Revision || draftOf(t, db).Seen() != draft.Seen() {
		t.Error("the import made another edition, revision or draft")
	}

	other := pgtest.New(t)
	put(t, other, postgres.Import{Folder: readSite(t, files), Publish: true})
	for name, text := range siteFiles(t, other) {
		if text != files[name] {
			t.Errorf("%s is another elsewhere:\n%s\nand was\n%s", name, text, files[name])
		}
		delete(files, name)
	}
	if len(files) > 0 {
		t.Errorf("elsewhere lacks %v", slices.Sorted(maps.Keys(files)))
	}
	if o, err := other.Option(t.Context(), "rails"); err != nil || !o.Retired {
		t.Errorf("elsewhere the retired option is %+v (%v)", o, err)
	}
	if names, err := other.OptionNames(t.Context()); err != nil || len(names) != 12 {
		t.Errorf("elsewhere %d options can be compared (%v)", len(names), err)
	}
}

func TestFileRetiresAnOptionOnlyIfNothingUsesItAndNobodyBroughtItBack(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	rails := guide.Option{Slug: "rails", Name: "Rails", Kind: "Framework", Homepage: "https://rubyonrails.org/"}
	noError(t, db.AddOption(t.Context(), rails, member))
	rails.Retired = true
	file := postgres.Import{Folder: guide.Folder{Options: []guide.Option{rails}}}
	wantChange(t, put(t, db, file), "option rails", "retired")
	if o, err := db.Option(t.Context(), "rails"); err != nil || !o.Retired {
		t.Errorf("after the import: %+v (%v)", o, err)
	}

	old := readSite(t, siteFiles(t, db))
	noError(t, db.RetireOption(t.Context(), "rails", false, member))
	if _, err := db.Import(t.Context(), postgres.Import{Folder: old}); !errors.Is(err, fault.Conflict) {
		t.Errorf("a file of before it was brought back: %v", err)
	}

	django, err := db.Option(t.Context(), "django")
	noError(t, err)
	django.Retired = true
	_, err = db.Import(t.Context(), postgres.Import{Folder: guide.Folder{Options: []guide.Option{django}}})
	if wrong, ok := errors.AsType[fault.Invalid](err); !ok || !strings.Contains(wrong.Error(), "Django is used by django-vs-") {
		t.Errorf("an option that guides use: %v", err)
	}
}

func TestImportSaysWhichSectionsADraftChangesToo(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	member := editor(t, db)
	edit(t, db, member, func(g *guide.Guide) { g.Verdict.Headline = "The editor's headline" })
	first(folder).Verdict.Headline = "The file's headline"
	wantChange(t, put(t, db, postgres.Import{Folder: folder, Publish: true}), "guide "+slug,
		"revision 2 published; the draft on the site changes the same sections: Verdict (Sample Editor)…")
	if d := draftOf(t, db); !d.Changes["verdict"].Conflict || d.Guide.Verdict.Headline != "The editor's headline" {
		t.Errorf("the draft says %q", d.Guide.Verdict.Headline)
	}
	first(folder).Call.Heading = "A heading"
	changes := put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{*first(folder)}}, Member: member})
	if !slices.Equal(changes[0].Parts, []string{"Call to action"}) {
		t.Errorf("it changes %q", changes[0].Parts)
	}
}
