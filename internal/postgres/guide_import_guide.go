package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// importGuide keeps the guide as a new revision if it says anything new, and publishes it if that is asked for.
func importGuide(ctx context.Context, tx pgx.Tx, in Import, g guide.Guide) (Change, error) {
	change := Change{Name: "guide " + g.Slug, State: Unchanged, What: "unchanged"}
	to, err := redirectsTo(ctx, tx, g.Slug)
	if err != nil {
		return change, err
	}
	if to != "" && to != g.Slug && !slices.Contains(g.Formerly, to) {
		return skipped(g.Slug, to), nil
	}
	now, err := savedGuide(ctx, tx, g)
	if err != nil {
		return change, err
	}
	file := guideFile{Guide: g}
	if file.document, err = json.Marshal(g); err != nil {
		return change, err
	}
	if file.same, err = sameAsSaved(ctx, tx, now, file.document); err != nil {
		return change, err
	}
	if change.BasedOn, err = g.Digest(); err != nil {
		return change, err
	}
	if now.ID != 0 && !file.same && g.BasedOn != "" {
		if g.BasedOn == change.BasedOn && string(now.Public) == string(file.document) {
			change.note(fmt.Sprintf("draft %d, which is newer than this file, stays a draft", now.Latest))
			return change, nil
		}
		if digest, err := digestOf(now.Document); err != nil || g.BasedOn != digest {
			return importEdited(ctx, tx, in, now, file, change)
		}
	}
	return keepGuide(ctx, tx, in, now, file, change)
}

// guideFile is a guide on its way in.
type guideFile struct {
	guide.Guide
	document []byte
	same     bool // the latest revision says the same
}

// importEdited keeps a guide whose file is not based on the latest revision, if it is based on the draft: on that revision with
// what members changed on the site since, which the file then holds. Otherwise it is a conflict.
func importEdited(ctx context.Context, tx pgx.Tx, in Import, now saved, file guideFile, change Change) (Change, error) {
	d, err := readDraft(ctx, tx, now.Slug)
	if err != nil {
		return change, err
	}
	if file.BasedOn != d.Seen() {
		return outdated(change.Name, now.Latest > now.Published || len(d.Changes) > 0), nil
	}
	if err := dropSections(ctx, tx, d, ""); err != nil {
		return change, err
	}
	return keepGuide(ctx, tx, in, now, file, change)
}

// keepGuide writes what importGuide found to be allowed.
func keepGuide(ctx context.Context, tx pgx.Tx, in Import, now saved, file guideFile, change Change) (Change, error) {
	g := file.Guide
	undefined, err := undefinedNames(ctx, tx, g)
	if err != nil {
		return change, err
	}
	if in.Publish && len(undefined) > 0 {
		return change, undefined
	}
	if err := compareGuide(ctx, tx, in, now, g, &change); err != nil {
		return change, err
	}
	revision, isNew := now.Latest, now.ID == 0
	if !file.same || endsReview(in, now, file, &change) {
		if now, revision, err = addRevision(ctx, tx, now, g, file.document, in.Member); err != nil {
			return change, err
		}
		change.State = Changed
		change.What = fmt.Sprintf("saved as draft %d (not public; publish it with --publish)", revision)
		for _, name := range undefined {
			change.note(name.Message)
		}
	}
	slug := now.Slug
	if in.Publish && revision != now.Published {
		change.State, slug = Changed, g.Slug
		change.What = fmt.Sprintf("revision %d published", revision)
		if now.Slug != g.Slug {
			change.What += ", renamed from " + now.Slug
		}
		if err := publishRevision(ctx, tx, now, revision, g); err != nil {
			return change, err
		}
	}
	switch {
	case change.State == Unchanged:
		change.Parts = nil
		return change, nil
	case isNew:
		change.State, change.Parts = New, nil
	}
	if err := noteDraft(ctx, tx, slug, &change); err != nil {
		return change, err
	}
	return change, recordGuide(ctx, tx, in, change, now.ID)
}

// recordGuide records who imported the guide, and that they published it.
func recordGuide(ctx context.Context, tx pgx.Tx, in Import, change Change, id int64) error {
	if !in.records(change) {
		return nil
	}
	if in.Publish {
		if err := record(ctx, tx, in.Member, staff.GuidePublished, id); err != nil {
			return err
		}
	}
	return record(ctx, tx, in.Member, staff.GuideImported, id)
}

// endsReview reports that the file publishes again what is under review, which says that it was read: that is a revision of its
// own. The unedited file of an export does not say that.
func endsReview(in Import, now saved, file guideFile, change *Change) bool {
	if !in.Publish || len(now.UnderReview) == 0 || now.Published != now.Latest {
		return false
	}
	if file.BasedOn == change.BasedOn {
		change.note("it stays under review, since the file was not edited: confirm it on the site, " +
			"or delete based_on to publish it again")
		return false
	}
	return true
}

// compareGuide sets what the database holds of the guide, and in which parts the file differs from what it takes the place of.
func compareGuide(ctx context.Context, tx pgx.Tx, in Import, now saved, file guide.Guide, change *Change) error {
	if now.ID == 0 {
		return nil
	}
	d, err := readDraft(ctx, tx, now.Slug)
	if err != nil {
		return err
	}
	before := d.Latest
	if in.Publish && d.Live != nil {
		before = *d.Live
	}
	was, err := before.Digest()
	change.Before = was + d.Seen()
	change.Parts = changedSections(before, file)
	return err
}
