package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// saved is a guide as the database has it.
type saved struct {
	ID        int64  // 0 while it is not there
	Slug      string // under which it stands
	Latest    int    // number of the latest revision
	Document  []byte // of the latest revision
	Published int    // 0 while nothing is
	Public    []byte // document of the published revision

	UnderReview []string // facts of the edition served that changed since it was published, as "option/key"
}

// savedGuide returns the guide at the slug, also if it is retired, or, if there is none, the one that it renames.
func savedGuide(ctx context.Context, tx pgx.Tx, g guide.Guide) (saved, error) {
	rows, _ := tx.Query(ctx, `
		SELECT g.id, g.slug, r.number AS latest, r.document, coalesce(g.published, 0) AS published, p.document AS public,
		       coalesce(e.document->'reread', '[]') AS under_review
		FROM guides g
		JOIN LATERAL (SELECT number, document FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1) r ON true
		LEFT JOIN revisions p ON p.guide_id = g.id AND p.number = g.published
		LEFT JOIN editions e ON e.digest = g.edition
		WHERE g.slug = ($1::text[])[1]
		   OR g.slug = ANY ($1) AND NOT EXISTS (SELECT FROM former_slugs f WHERE f.slug = g.slug AND f.guide_id <> g.id)
		ORDER BY array_position($1, g.slug)
		LIMIT 1`, append([]string{g.Slug}, g.Formerly...))
	now, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[saved])
	if errors.Is(err, pgx.ErrNoRows) {
		return saved{Slug: g.Slug}, nil
	}
	return now, err
}

func digestOf(document []byte) (string, error) {
	var g guide.Guide
	if err := json.Unmarshal(document, &g); err != nil {
		return "", err
	}
	return g.Digest()
}

// undefinedNames returns the options and facts that the guide names and the database does not have.
func undefinedNames(ctx context.Context, tx pgx.Tx, g guide.Guide) (fault.Invalid, error) {
	options, err := optionsBySlug(ctx, tx, g.Options)
	if err != nil {
		return nil, err
	}
	var undefined fault.Invalid
	for _, message := range g.Undefined(options) {
		undefined = append(undefined, fault.Field{Name: "guide " + g.Slug, Message: message})
	}
	return undefined, nil
}

// addRevision keeps the document as the next revision, by the member or from the command line. It makes the guide if it is new.
func addRevision(
	ctx context.Context, tx pgx.Tx, now saved, g guide.Guide, document []byte, member int64,
) (saved, int, error) {
	if now.ID == 0 {
		err := tx.QueryRow(ctx, `INSERT INTO guides (slug, field) VALUES ($1, $2) RETURNING id`, g.Slug, g.Field).Scan(&now.ID)
		if err != nil {
			return now, 0, err
		}
	}
	var number int
	err := tx.QueryRow(ctx, `
		INSERT INTO revisions (guide_id, number, document, member_id)
		SELECT @guide, coalesce(max(number), 0) + 1, @document, nullif(@member, 0) FROM revisions WHERE guide_id = @guide
		RETURNING number`, pgx.StrictNamedArgs{"guide": now.ID, "document": document, "member": member}).Scan(&number)
	return now, number, err
}

// publishRevision has the site build on the revision, and makes its edition.
func publishRevision(ctx context.Context, tx pgx.Tx, now saved, revision int, g guide.Guide) error {
	return publishRevisionSeen(ctx, tx, now, revision, g, nil)
}

// publishRevisionSeen is publishRevision for a revision that was read earlier, with the options of an edition; see
// makeEditionSince.
func publishRevisionSeen(
	ctx context.Context, tx pgx.Tx, now saved, revision int, g guide.Guide, seen *guide.Edition,
) error {
	id := now.ID
	if now.Slug != g.Slug {
		if err := rename(ctx, tx, id, g.Slug); err != nil {
			return err
		}
	}
	labels := map[string]string{}
	for _, c := range g.Summary {
		if c.Fact != "" {
			labels[c.Fact] = c.Label
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE guides
		SET published = @revision, field = @field, title = @title, subtitle = @subtitle, answer = @answer, labels = @labels
		WHERE id = @id`, pgx.StrictNamedArgs{
		"id": id, "revision": revision, "field": g.Field, "title": g.Title, "subtitle": guide.PlainText(g.Subtitle),
		"answer": g.Answer, "labels": labels,
	})
	if err != nil {
		return err
	}
	if err := moveHere(ctx, tx, id, g); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM guide_options WHERE guide_id = $1`, id); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO guide_options (guide_id, position, option_id)
		SELECT $1, s.position, o.id
		FROM unnest($2::text[]) WITH ORDINALITY AS s (slug, position)
		JOIN options o ON o.slug = s.slug`, id, g.Options)
	if err != nil {
		return err
	}
	return makeEditionSince(ctx, tx, id, seen)
}
