package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/digest"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
)

// Imported is what an import did, or would do.
type Imported struct {
	Changes []Change
	Pages   []GuideName // published guides whose pages change, of an import that someone is shown before
	Seen    string      // stands for all of it, and for what it was made from
}

// ImportState says what an import does to one thing.
type ImportState string

// Outdated is a file that is older than the database: then nothing of the import is done.
const (
	New       ImportState = "new"
	Changed   ImportState = "changed"
	Unchanged ImportState = "unchanged"
	Skipped   ImportState = "skipped"
	Outdated  ImportState = "conflict"
)

// Change says what an import did, or would do, to one thing.
type Change struct {
	Name    string // "option django", "guide django-vs-fastapi", "site"
	State   ImportState
	What    string   // in words, with the notes
	Parts   []string // that change: sections of a guide, facts and fields of an option, fields of the site
	Notes   []string // what else there is to know
	BasedOn string   // what an export would write as based_on from now on; "" for the site and for what was skipped
	Before  string   // stands for what the database held of it; "" for nothing
}

// note adds to what is said of the change.
func (c *Change) note(words string) {
	c.Notes = append(c.Notes, words)
	c.What += "; " + words
}

// changedSections returns the titles of the parts in which two versions of a guide differ.
func changedSections(before, after guide.Guide) (titles []string) {
	if before.Slug != after.Slug {
		titles = append(titles, "Address")
	}
	if !slices.Equal(before.Formerly, after.Formerly) {
		titles = append(titles, "Former addresses")
	}
	for _, s := range section.All {
		if s.Digest(before) != s.Digest(after) {
			titles = append(titles, s.Title)
		}
	}
	return titles
}

// noteDraft says which sections of the guide's draft on the site say something else than the file, which changes them too.
func noteDraft(ctx context.Context, tx pgx.Tx, slug string, change *Change) error {
	d, err := readDraft(ctx, tx, slug)
	if err != nil {
		return err
	}
	var titles []string
	for _, name := range d.Conflicts() {
		s, _ := section.Named(name)
		titles = append(titles, fmt.Sprintf("%s (%s)", s.Title, d.Changes[name].Member))
	}
	if len(titles) > 0 {
		change.note("the draft on the site changes the same sections: " + strings.Join(titles, ", ") +
			". It keeps both texts, and asks editors to choose")
	}
	return nil
}

// servedEdition is the edition that a guide shows.
type servedEdition struct {
	ID      int64
	Edition string // "" for none
	GuideName
}

func servedEditions(ctx context.Context, tx pgx.Tx) ([]servedEdition, error) {
	rows, _ := tx.Query(ctx, `SELECT id, coalesce(edition, '') AS edition, slug, title FROM guides ORDER BY slug`)
	return pgx.CollectRows(rows, pgx.RowToStructByName[servedEdition])
}

// changedPages returns the guides that show another edition than before, or none any more.
func changedPages(before, after []servedEdition) (pages []GuideName) {
	was := map[int64]string{}
	for _, e := range before {
		was[e.ID] = e.Edition
	}
	for _, e := range after {
		if e.Edition != was[e.ID] {
			pages = append(pages, e.GuideName)
		}
	}
	return pages
}

// seen stands for the files and all that they change.
func (in Import) seen(out Imported) (string, error) {
	document, err := json.Marshal(struct {
		guide.Folder
		Publish bool
		Changes []Change
		Pages   []GuideName
	}{in.Folder, in.Publish, out.Changes, out.Pages})
	return digest.Hex(document, 16), err
}
