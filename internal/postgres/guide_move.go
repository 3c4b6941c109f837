package postgres

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/staff"
)

// ChangeAddress has the guide stand under another slug. Its old address and its former ones lead there. A published guide is
// published once more, under the new address and saying the same; the draft stays a draft. It returns fault.Conflict if the
// draft, what is published or the schedule is not what the member saw, and fault.Invalid if the address must not change now.
func (db *DB) ChangeAddress(ctx context.Context, slug, to string, member int64, seen string) (err error) {
	defer wrap(&err, "move %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.Slug == to && d.sameDraft(seen) {
			return nil // it stands there already, or someone pressed twice
		}
		if d.StateDigest() != seen {
			return fault.Conflict
		}
		if err := movable(ctx, tx, d, to); err != nil {
			return err
		}
		moved := d.Latest
		if d.Live != nil {
			moved = *d.Live
		}
		moved.Slug = to
		if d.Live != nil || d.Unpublished {
			moved.Formerly = append(without(moved.Formerly, to), d.Slug)
		}
		if err := move(ctx, tx, d, moved, member); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideMoved, d.saved.ID)
	})
}

// movable returns fault.Invalid if the guide cannot stand under the slug.
func movable(ctx context.Context, tx pgx.Tx, d Draft, to string) error {
	var taken bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM guides WHERE slug = @to)
		    OR EXISTS (SELECT FROM former_slugs WHERE slug = @to AND guide_id <> @guide)`,
		pgx.StrictNamedArgs{"to": to, "guide": d.saved.ID}).Scan(&taken)
	if err != nil {
		return err
	}
	problem := ""
	switch {
	case taken:
		problem = "Another guide has or had this address. Choose another one."
	case d.Latest.Slug != d.Slug:
		problem = "The draft comes from a file that changes the address to " + d.Latest.Slug + ". Publish it first."
	case d.RedirectsTo != "":
		problem = "The address of this guide leads to " + d.RedirectsTo + ". Publish the guide first."
	case d.Schedule != nil:
		problem = "A version is scheduled under the present address. Cancel the schedule first."
	case len(d.Conflicts()) > 0:
		problem = "First choose a text in each section that the newest version changed too."
	case d.Live != nil && d.IsUnderReview():
		problem = "Facts changed since this guide was published. Read it and publish it first."
	default:
		return nil
	}
	return fault.Invalid{{Name: "slug", Message: problem}}
}

// move keeps the guide as a revision under its new slug, and publishes it if the guide is published. What the draft says
// otherwise stays its change.
func move(ctx context.Context, tx pgx.Tx, d Draft, moved guide.Guide, member int64) error {
	if d.Live != nil {
		live := d
		live.Guide = moved
		var err error
		if live.Options, err = optionsBySlug(ctx, tx, moved.Options); err != nil {
			return err
		}
		if moved, err = publishable(ctx, tx, live); err != nil {
			return err
		}
	}
	document, err := json.Marshal(moved)
	if err != nil {
		return err
	}
	now, revision, err := addRevision(ctx, tx, d.saved, moved, document, member)
	if err != nil {
		return err
	}
	if d.Live != nil {
		err = publishRevision(ctx, tx, now, revision, moved)
	} else if err = rename(ctx, tx, now.ID, moved.Slug); err == nil {
		err = moveHere(ctx, tx, now.ID, moved)
	}
	if err != nil {
		return err
	}
	d.Latest = moved
	return rebase(ctx, tx, d, member)
}

func without(slugs []string, slug string) []string {
	return slices.DeleteFunc(slices.Clone(slugs), func(one string) bool { return one == slug })
}
