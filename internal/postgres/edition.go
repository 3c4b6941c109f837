package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// selectEditions begins a query whose rows are read by editionIn: of editions e of guides g.
const selectEditions = `
	SELECT e.document, e.made_at, f.made_at
	FROM editions e
	JOIN guides g ON g.id = e.guide_id
	JOIN editions f ON f.guide_id = g.id AND f.number = 1
	WHERE `

// CurrentEdition returns what the guide at slug shows now, or fault.NotFound.
func (db *DB) CurrentEdition(ctx context.Context, slug string) (e *guide.Edition, err error) {
	defer wrap(&err, "edition")
	return editionIn(ctx, db.pool, `g.slug = @slug AND e.digest = g.edition`, pgx.StrictNamedArgs{"slug": slug})
}

// EditionOf returns the guide's edition with the digest, however old, or fault.NotFound.
func (db *DB) EditionOf(ctx context.Context, slug, digest string) (e *guide.Edition, err error) {
	defer wrap(&err, "edition")
	return editionIn(ctx, db.pool, `g.slug = @slug AND e.digest = @digest`,
		pgx.StrictNamedArgs{"slug": slug, "digest": digest})
}

// editionIn returns the first edition of the condition.
func editionIn(ctx context.Context, q querier, condition string, args pgx.StrictNamedArgs) (*guide.Edition, error) {
	var document []byte
	var madeAt, firstAt time.Time
	if err := q.QueryRow(ctx, selectEditions+condition, args).Scan(&document, &madeAt, &firstAt); err != nil {
		return nil, err
	}
	e, err := guide.ReadEdition(document, madeAt)
	if err != nil {
		return nil, err
	}
	e.FirstAt = firstAt
	return e, nil
}

// maybeEdition is editionIn, but returns nil where there is no such edition.
func maybeEdition(ctx context.Context, tx pgx.Tx, condition string, args pgx.StrictNamedArgs) (*guide.Edition, error) {
	e, err := editionIn(ctx, tx, condition, args)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return e, err
}

// GuideState is what a guide's page is made from, besides the settings.
type GuideState struct {
	Digest  string // of the edition served
	Related []GuideName
}

// GuideName is a guide to link to.
type GuideName struct {
	Slug  string `json:"slug"`
	Title string `json:"title"`
}

// Same reports whether both make the same page.
func (s GuideState) Same(other GuideState) bool {
	return s.Digest == other.Digest && slices.Equal(s.Related, other.Related)
}

// maxRelated bounds the list of related guides.
const maxRelated = 6

// GuideState returns what the guide at slug shows now and up to six guides that share an option with it, those that share
// most first; or fault.NotFound.
func (db *DB) GuideState(ctx context.Context, slug string) (s GuideState, err error) {
	defer wrap(&err, "state of guide %q", slug)
	err = db.pool.QueryRow(ctx, `
		SELECT g.edition, (
			SELECT coalesce(json_agg(r), '[]')
			FROM (
				SELECT other.slug, other.title
				FROM guide_options ours
				JOIN guide_options theirs ON theirs.option_id = ours.option_id AND theirs.guide_id <> ours.guide_id
				JOIN guides other ON other.id = theirs.guide_id
				WHERE ours.guide_id = g.id AND other.edition IS NOT NULL
				GROUP BY other.id
				ORDER BY count(*) DESC, other.field <> g.field, other.slug
				LIMIT $2
			) r)
		FROM guides g
		WHERE g.slug = $1 AND g.edition IS NOT NULL`, slug, maxRelated).Scan(&s.Digest, &s.Related)
	return s, err
}

// renewEditions makes the new edition of every published guide that shows a changed fact of the option.
func renewEditions(ctx context.Context, tx pgx.Tx, option int64) error {
	rows, _ := tx.Query(ctx, `
		SELECT g.id
		FROM guides g
		JOIN guide_options c ON c.guide_id = g.id
		WHERE c.option_id = $1 AND g.published IS NOT NULL
		ORDER BY g.id`, option)
	guides, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range guides {
		if err := makeEdition(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// makeEdition takes the snapshot of a guide's published revision and the facts in force, and has the site serve it.
// A snapshot equal to the one that is served changes nothing.
func makeEdition(ctx context.Context, tx pgx.Tx, id int64) error {
	return makeEditionSince(ctx, tx, id, nil)
}

// makeEditionSince is makeEdition for a revision that is published now, but was read with other facts: those that changed since
// are under review. Seen has the options as they were read; it is nil where the revision is read now or is published already.
func makeEditionSince(ctx context.Context, tx pgx.Tx, id int64, seen *guide.Edition) error {
	var g guide.Guide
	var document []byte
	var revision int
	var served *string
	err := tx.QueryRow(ctx, `
		SELECT r.document, r.number, g.edition
		FROM guides g
		JOIN revisions r ON r.guide_id = g.id AND r.number = g.published
		WHERE g.id = $1`, id).Scan(&document, &revision, &served)
	if err != nil {
		return fmt.Errorf("published revision: %w", err)
	}
	if err := json.Unmarshal(document, &g); err != nil {
		return err
	}
	options, err := optionsBySlug(ctx, tx, g.Options)
	if err != nil {
		return fmt.Errorf("options of %s: %w", g.Slug, err)
	}
	// The edition that publishing the revision made; nil while that is being done.
	published, err := maybeEdition(ctx, tx, `g.id = @guide AND e.revision = @revision ORDER BY e.number LIMIT 1`,
		pgx.StrictNamedArgs{"guide": id, "revision": revision})
	if err != nil {
		return err
	}
	if published == nil {
		published = seen
	}
	edition, document, err := guide.NewEdition(g, revision, options, published)
	if err != nil {
		return err
	}
	if served != nil && *served == edition.Digest {
		return nil
	}
	before, err := maybeEdition(ctx, tx, `g.id = @guide ORDER BY e.number DESC LIMIT 1`, pgx.StrictNamedArgs{"guide": id})
	if err != nil {
		return err
	}
	if err := keepEdition(ctx, tx, id, edition, document, edition.Changes(before)); err != nil {
		return err
	}
	return serveEdition(ctx, tx, id, edition)
}

// keepEdition stores the snapshot with what it changes for a reader. One that was there before is kept as it was.
func keepEdition(ctx context.Context, tx pgx.Tx, id int64, e *guide.Edition, document []byte, changes []string) (err error) {
	defer wrap(&err, "edition %s", e.Digest)
	_, err = tx.Exec(ctx, `
		INSERT INTO editions (digest, guide_id, number, revision, document, changes, slug)
		SELECT @digest, @guide, coalesce(max(number), 0) + 1, @revision, @document, coalesce(@changes, '{}'::text[]), @slug
		FROM editions WHERE guide_id = @guide
		ON CONFLICT (digest) DO NOTHING`, pgx.StrictNamedArgs{
		"digest": e.Digest, "guide": id, "revision": e.Revision, "document": document, "changes": changes, "slug": e.Guide.Slug,
	})
	return err
}

// serveEdition has visitors read and find the edition from the commit on.
func serveEdition(ctx context.Context, tx pgx.Tx, id int64, e *guide.Edition) error {
	if _, err := tx.Exec(ctx, `UPDATE guides SET edition = $2 WHERE id = $1`, id, e.Digest); err != nil {
		return err
	}
	if err := indexEdition(ctx, tx, id, e); err != nil {
		return err
	}
	return bumpVersion(ctx, tx)
}
