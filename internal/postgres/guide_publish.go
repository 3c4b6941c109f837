package postgres

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/yamlform"
	"tiebreak/internal/staff"
)

// StartGuide keeps a new guide as its first revision, which is not published. It returns fault.Conflict if a guide has the
// address or had it.
func (db *DB) StartGuide(ctx context.Context, g guide.Guide, member int64) (err error) {
	defer wrap(&err, "start guide %q", g.Slug)
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := oneAtATime(ctx, tx); err != nil {
			return err
		}
		var taken bool
		err := tx.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM guides WHERE slug = $1) OR EXISTS (SELECT FROM former_slugs WHERE slug = $1)`,
			g.Slug).Scan(&taken)
		if err != nil {
			return err
		}
		if taken {
			return fault.Conflict
		}
		document, err := json.Marshal(g)
		if err != nil {
			return err
		}
		now, _, err := addRevision(ctx, tx, saved{Slug: g.Slug}, g, document, member)
		if err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideStarted, now.ID)
	})
}

// Check returns what "guide check" says of the draft, and the guide as its file would be read.
func (d Draft) Check() (guide.Guide, []yamlform.Finding, error) {
	return yamlform.CheckGuide(d.Guide, d.Options)
}

// Conflicts returns the names of the sections that the draft and the latest revision both changed.
func (d Draft) Conflicts() (sections []string) {
	for name, c := range d.Changes {
		if c.Conflict {
			sections = append(sections, name)
		}
	}
	slices.Sort(sections)
	return sections
}

// PublishDraft publishes the draft as an import would: a new revision with its edition. What was scheduled for the guide is
// cancelled. It returns fault.Conflict if the draft, what is published or the schedule is not what the member saw any more, or
// the draft has conflicts, and fault.Invalid with all that "guide check" refuses.
func (db *DB) PublishDraft(ctx context.Context, slug string, member int64, seen string) (err error) {
	defer wrap(&err, "publish %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if !d.Differs() && d.sameDraft(seen) { // someone was first, or pressed twice
			return dropSections(ctx, tx, d, "")
		}
		if d.StateDigest() != seen || len(d.Conflicts()) > 0 {
			return fault.Conflict
		}
		now, revision, g, err := freeze(ctx, tx, d, member)
		if err != nil {
			return err
		}
		if err := publishRevision(ctx, tx, now, revision, g); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuidePublished, now.ID)
	})
}

// freeze keeps the draft as a revision that can be published, by the member, and cancels what was scheduled. The draft then is
// that revision. A revision that says the same and was never published is used. It returns what publishable refuses.
func freeze(ctx context.Context, tx pgx.Tx, d Draft, member int64) (now saved, revision int, g guide.Guide, err error) {
	if g, err = publishable(ctx, tx, d); err != nil {
		return now, 0, g, err
	}
	document, err := json.Marshal(g)
	if err != nil {
		return now, 0, g, err
	}
	now, revision = d.saved, d.saved.Latest
	if string(now.Document) != string(document) || now.Published == revision || d.Unpublished {
		if now, revision, err = addRevision(ctx, tx, now, g, document, member); err != nil {
			return now, 0, g, err
		}
	}
	if _, err := dropSchedule(ctx, tx, d); err != nil {
		return now, 0, g, err
	}
	return now, revision, g, dropSections(ctx, tx, d, "")
}

// publishable returns the guide of the draft in the form that is stored, or fault.Invalid with all that is wrong.
func publishable(ctx context.Context, tx pgx.Tx, d Draft) (guide.Guide, error) {
	g, findings, err := d.Check()
	if err != nil {
		return g, err
	}
	refused, err := undefinedNames(ctx, tx, d.Guide)
	if err != nil {
		return g, err
	}
	for _, f := range findings {
		if !f.Warning {
			refused.Add(f.Path, f.Text())
		}
	}
	if d.Replaced {
		refused.Add("guide", "The file of "+d.RedirectsTo+
			" lists this address under formerly. Remove it there and upload the file.")
	}
	if len(refused) > 0 {
		return g, refused
	}
	return g, nil
}

// DiscardDraft removes all that the draft changes, so that it says what is published again, and cancels what was scheduled. It
// returns fault.Conflict if that is not what the member saw any more. A guide that was never published keeps its first revision.
func (db *DB) DiscardDraft(ctx context.Context, slug string, member int64, seen string) (err error) {
	defer wrap(&err, "discard the draft of %q", slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.StateDigest() != seen {
			return fault.Conflict
		}
		if err := dropSections(ctx, tx, d, ""); err != nil {
			return err
		}
		if _, err := dropSchedule(ctx, tx, d); err != nil {
			return err
		}
		// Revisions are never deleted: a newer one that came from a file is followed by what is published.
		if d.Live != nil && string(d.saved.Document) != string(d.saved.Public) {
			if _, _, err := addRevision(ctx, tx, d.saved, *d.Live, d.saved.Public, member); err != nil {
				return err
			}
		}
		return record(ctx, tx, member, staff.GuideDiscarded, d.saved.ID)
	})
}

// FactLabels returns what published guides call facts, by key.
func (db *DB) FactLabels(ctx context.Context) (labels map[string]string, err error) {
	defer wrap(&err, "labels of facts")
	err = db.pool.QueryRow(ctx, `
		SELECT coalesce(json_object_agg(key, value), '{}')
		FROM (SELECT DISTINCT ON (l.key) l.key, l.value
			FROM guides g, json_each_text(g.labels) l WHERE g.edition IS NOT NULL
			ORDER BY l.key, g.id) labels`).Scan(&labels)
	return labels, err
}

// RelatedGuides returns what GuideState will say of the guide once the draft is published.
func (db *DB) RelatedGuides(ctx context.Context, d Draft) (related []GuideName, err error) {
	defer wrap(&err, "related guides")
	rows, _ := db.pool.Query(ctx, `
		SELECT other.slug, other.title
		FROM options ours
		JOIN guide_options theirs ON theirs.option_id = ours.id
		JOIN guides other ON other.id = theirs.guide_id
		WHERE ours.slug = ANY (@options) AND other.edition IS NOT NULL AND other.slug <> @slug
		GROUP BY other.id
		ORDER BY count(*) DESC, other.field <> @field, other.slug
		LIMIT @most`,
		pgx.StrictNamedArgs{"options": d.Guide.Options, "slug": d.Slug, "field": d.Guide.Field, "most": maxRelated})
	return pgx.CollectRows(rows, pgx.RowToStructByName[GuideName])
}
