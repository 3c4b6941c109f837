package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// Change says what an import did, or would do, to one thing.
type Change struct {
	Name     string // "option django", "guide django-vs-fastapi", "site"
	What     string // in words
	BasedOn  string // what an export would write as based_on from now on; "" for the site and for what was skipped
	Conflict bool   // the file is older than the database: nothing of the import was done
}

// Import is a set of files on its way in.
type Import struct {
	guide.Folder
	Publish bool // publish the guides; otherwise a change is kept as a draft revision
	DryRun  bool // say what would be done, and do nothing
}

// errUndo takes a transaction back that did nothing wrong.
var errUndo = errors.New("undo")

// Import writes options, guides and the site, all or nothing, and says what changed. A file that is older than what the
// database holds is a conflict: the error is then fault.Conflict. A guide that cannot be published is fault.Invalid. Both
// write nothing.
func (db *DB) Import(ctx context.Context, in Import) ([]Change, error) {
	var changes []Change
	err := db.inTx(ctx, func(tx pgx.Tx) (err error) {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		if changes, err = importFolder(ctx, tx, in); err != nil {
			return err
		}
		for _, c := range changes {
			if c.Conflict {
				return fault.Conflict
			}
		}
		if in.DryRun {
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return changes, err
}

// Start fills a database that holds no option yet with what a new site starts with, and reports whether it did. Of
// several instances that start at once, one does.
func (db *DB) Start(ctx context.Context, folder guide.Folder) (filled bool, err error) {
	var empty bool
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		// Of instances that start at once, the others wait until the first one has filled the database.
		if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '2min'`); err != nil {
			return err
		}
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM options)`).Scan(&empty); err != nil || !empty {
			return err
		}
		_, err := importFolder(ctx, tx, Import{Folder: folder, Publish: true})
		return err
	})
	return empty && err == nil, err
}

// oneAtATime lets one change of content run at a time, so that an edition never misses the fact or the revision that
// another transaction is about to commit. Readers and leads do not wait.
func oneAtATime(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `LOCK TABLE guides IN SHARE ROW EXCLUSIVE MODE`)
	return err
}

func importFolder(ctx context.Context, tx pgx.Tx, in Import) ([]Change, error) {
	var changes []Change
	if in.Site != nil {
		change, err := importSite(ctx, tx, *in.Site)
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		changes = append(changes, change)
	}
	for _, o := range in.Options {
		change, err := importOption(ctx, tx, o)
		if err != nil {
			return nil, fmt.Errorf("option %s: %w", o.Slug, err)
		}
		changes = append(changes, change)
	}
	ofGuides, err := importGuides(ctx, tx, in)
	return append(changes, ofGuides...), err
}

// importGuides returns fault.Invalid with all that keeps guides from being published.
func importGuides(ctx context.Context, tx pgx.Tx, in Import) (changes []Change, err error) {
	free := map[string][]string{}
	if in.Publish {
		if free, err = giveUp(ctx, tx, in.Guides); err != nil {
			return nil, fmt.Errorf("former slugs: %w", err)
		}
	}
	renamed := renamedTo(in.Guides)
	var refused fault.Invalid
	for _, g := range in.Guides {
		if to := renamed[g.Slug]; to != "" {
			changes = append(changes, skipped(g.Slug, to))
			continue
		}
		change, err := importGuide(ctx, tx, g, in.Publish)
		var invalid fault.Invalid
		switch {
		case errors.As(err, &invalid):
			refused = append(refused, invalid...)
		case err != nil:
			return nil, fmt.Errorf("guide %s: %w", g.Slug, err)
		}
		for _, slug := range free[g.Slug] {
			change.What += "; " + slug + " leads here no longer"
		}
		changes = append(changes, change)
	}
	if len(refused) > 0 {
		return changes, refused
	}
	return changes, nil
}

// renamedTo maps the former slugs of the guides to their present ones: a file under a former slug is left over.
func renamedTo(guides []guide.Guide) map[string]string {
	to := map[string]string{}
	for _, g := range guides {
		for _, slug := range g.Formerly {
			to[slug] = g.Slug
		}
	}
	return to
}

// skipped says why the file of a retired or renamed guide changes nothing.
func skipped(slug, to string) Change {
	return Change{Name: "guide " + slug, What: fmt.Sprintf(
		"skipped: this guide is now %s. To bring it back, take %s out of formerly there and publish both", to, slug)}
}

// outdated says that a file is older than the database, in which a draft may be the newer version.
func outdated(name string, draft bool) Change {
	what := "conflict: the site has a newer version than this file. Export it again and repeat your edit there"
	if draft {
		what = "conflict: the site has a draft that is newer than this file. Export it with --drafts and repeat your edit there"
	}
	return Change{Name: name, What: what, Conflict: true}
}
