package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/postgres"
)

func TestAnImportNamesThePartsOfAnOptionThatChanged(t *testing.T) {
	t.Parallel()
	db, folder := started(t)
	o := &folder.Options[0]
	o.BasedOn = ""

	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() { o.Name += "!" }, "name changed"},
		{func() { o.Kind += "!"; o.Homepage += "?" }, "kind changed, homepage changed"},
		{func() { reword(&folder, "admin", "Re-worded"); o.Name = "New" }, "name changed, 1 of 19 facts changed"},
		{func() { reword(&folder, "admin", "Re-worded again") }, "1 of 19 facts changed"},
	} {
		step.change()
		wantChange(t, put(t, db, postgres.Import{Folder: folder}), "option "+o.Slug, step.want)
	}
}

func TestOptionThatOnlyADraftComparesIsNotRetired(t *testing.T) {
	t.Parallel()
	db, _ := started(t)
	member := editor(t, db)
	for _, name := range []string{"one", "two", "three", "four"} {
		noError(t, db.AddOption(t.Context(), guide.Option{Slug: name, Name: name, Kind: "Sample"}, member))
	}
	started := guide.Guide{Slug: "one-vs-two", Title: "One vs two", Options: []string{"one", "two"}}
	noError(t, db.StartGuide(t.Context(), started, member))
	imported := draftOf(t, db).Guide
	imported.Options = append(imported.Options, "three")
	put(t, db, postgres.Import{Folder: guide.Folder{Guides: []guide.Guide{imported}}})
	edit(t, db, member, func(g *guide.Guide) { g.Options = []string{"django", "fastapi", "four"} })
	for option, user := range map[string]string{"one": "one-vs-two", "three": slug, "four": slug} {
		err := db.RetireOption(t.Context(), option, true, member)
		if wrong, ok := errors.AsType[fault.Invalid](err); !ok || !strings.Contains(wrong.Error(), "is used by "+user) {
			t.Errorf("%s is retired: %v", option, err)
		}
	}
}
