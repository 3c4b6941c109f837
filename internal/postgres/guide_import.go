package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// Import is a set of files on its way in.
type Import struct {
	guide.Folder
	Publish bool   // publish the guides; otherwise a change is kept as a draft revision
	DryRun  bool   // say what would be done, and do nothing
	Member  int64  // who imports it; 0 for the command line
	Seen    string // Imported.Seen of the dry run that the member saw; "" for none
}

// errUndo takes a transaction back that did nothing wrong.
var errUndo = errors.New("undo")

// Import writes options, guides and the site, all or nothing, and says what changed. A file that is older than what the
// database holds is a conflict: the error is then fault.Conflict, as it is if the import is not what the member saw. A guide
// that cannot be published is fault.Invalid. All of these write nothing.
func (db *DB) Import(ctx context.Context, in Import) (out Imported, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) (err error) {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		if out, err = importShown(ctx, tx, in); err != nil {
			return err
		}
		outdated := slices.ContainsFunc(out.Changes, func(c Change) bool { return c.State == Outdated })
		switch {
		case outdated, in.Seen != "" && in.Seen != out.Seen:
			return fault.Conflict
		case in.DryRun:
			return errUndo
		}
		return nil
	})
	if errors.Is(err, errUndo) {
		err = nil
	}
	return out, tooLong(err)
}

// importShown imports the files and, if someone is shown what changes before it does, finds out all of that.
func importShown(ctx context.Context, tx pgx.Tx, in Import) (out Imported, err error) {
	if !in.DryRun && in.Seen == "" {
		out.Changes, err = importFolder(ctx, tx, in)
		return out, err
	}
	before, err := servedEditions(ctx, tx)
	if err != nil {
		return out, err
	}
	if out.Changes, err = importFolder(ctx, tx, in); err != nil {
		return out, err
	}
	after, err := servedEditions(ctx, tx)
	if err != nil {
		return out, err
	}
	out.Pages = changedPages(before, after)
	out.Seen, err = in.seen(out)
	return out, err
}

// tooLong returns fault.Invalid for what a limit of PostgreSQL refuses, such as that of a search index.
func tooLong(err error) error {
	if strings.HasPrefix(sqlState(err), "54") {
		return fault.Invalid{{Name: "import", Message: "one of the files has a text that is too long to be stored: shorten it"}}
	}
	return err
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
		if err == nil && in.records(change) {
			err = record(ctx, tx, in.Member, staff.SiteImported, 0)
		}
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		changes = append(changes, change)
	}
	for _, o := range in.Options {
		change, err := importOption(ctx, tx, o, in.Member)
		if err == nil && in.records(change) {
			err = recordOption(ctx, tx, in.Member, staff.OptionImported, o.Slug)
		}
		if err != nil {
			return nil, fmt.Errorf("option %s: %w", o.Slug, err)
		}
		changes = append(changes, change)
	}
	ofGuides, err := importGuides(ctx, tx, in)
	if err == nil {
		err = retireOptions(ctx, tx, in)
	}
	return append(changes, ofGuides...), err
}

// records reports that the audit says of the change who made it. The audit does not record imports of the command line.
func (in Import) records(c Change) bool {
	return in.Member != CommandLine && (c.State == New || c.State == Changed)
}

// importGuides returns fault.Invalid with all that keeps guides from being published.
func importGuides(ctx context.Context, tx pgx.Tx, in Import) (changes []Change, err error) {
	free := map[string][]string{}
	if in.Publish {
		if free, err = freeSlugs(ctx, tx, in.Guides); err != nil {
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
		change, err := importGuide(ctx, tx, in, g)
		var invalid fault.Invalid
		switch {
		case errors.As(err, &invalid):
			refused = append(refused, invalid...)
		case err != nil:
			return nil, fmt.Errorf("guide %s: %w", g.Slug, err)
		}
		for _, slug := range free[g.Slug] {
			change.note(slug + " leads here no longer")
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
	c := Change{Name: "guide " + slug, State: Skipped}
	why := fmt.Sprintf("this guide is now %s. To bring it back, take %s out of formerly there and publish both", to, slug)
	c.What, c.Notes = "skipped: "+why, []string{why}
	return c
}

// outdated says that a file is older than the database, in which a draft may be the newer version.
func outdated(name string, draft bool) Change {
	what := "conflict: the site has a newer version than this file. Export it again and repeat your edit there"
	if draft {
		what = "conflict: the site has a draft that is newer than this file. Export it with --drafts and repeat your edit there"
	}
	return Change{Name: name, State: Outdated, What: what}
}
