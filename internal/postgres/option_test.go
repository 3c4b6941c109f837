package postgres_test

import (
	"testing"

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
