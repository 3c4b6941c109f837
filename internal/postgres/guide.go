package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
)

// saved is a guide as the database has it.
type saved struct {
	id        int64
	latest    int    // number of the latest revision
	document  []byte // of the latest revision
	published int    // 0 while nothing is
	rereading bool   // the edition served has facts that changed since it was published
}

// importGuide keeps the guide as a new revision if it says anything new, and publishes it if that is asked for.
func importGuide(ctx context.Context, tx pgx.Tx, g guide.Guide, publish bool) (Change, error) {
	change := Change{Name: "guide " + g.Slug, What: "unchanged"}
	document, err := json.Marshal(g)
	if err != nil {
		return change, err
	}
	now, known, err := savedGuide(ctx, tx, g.Slug)
	if err != nil {
		return change, err
	}
	same := known && string(now.document) == string(document)
	if known && !same && g.BasedOn != "" {
		if digest, err := digestOf(now.document); err != nil || g.BasedOn != digest {
			return outdated(change.Name), err
		}
	}
	revision := now.latest
	// Publishing again what is being re-read says that it was read: that is a revision of its own.
	if !same || publish && now.rereading && now.published == now.latest {
		if now.id, revision, err = addRevision(ctx, tx, g, document); err != nil {
			return change, err
		}
		change.What = fmt.Sprintf("draft kept as revision %d", revision)
	}
	if publish && revision != now.published {
		change.What = fmt.Sprintf("revision %d published", revision)
		return change, publishRevision(ctx, tx, now.id, revision, g)
	}
	return change, nil
}

func savedGuide(ctx context.Context, tx pgx.Tx, slug string) (now saved, known bool, err error) {
	err = tx.QueryRow(ctx, `
		SELECT g.id, r.number, r.document, coalesce(g.published, 0), coalesce(json_typeof(e.document->'reread') = 'array', false)
		FROM guides g
		JOIN LATERAL (SELECT number, document FROM revisions WHERE guide_id = g.id ORDER BY number DESC LIMIT 1) r ON true
		LEFT JOIN editions e ON e.digest = g.edition
		WHERE g.slug = $1`, slug).Scan(&now.id, &now.latest, &now.document, &now.published, &now.rereading)
	if errors.Is(err, pgx.ErrNoRows) {
		return now, false, nil
	}
	return now, err == nil, err
}

func digestOf(document []byte) (string, error) {
	var g guide.Guide
	if err := json.Unmarshal(document, &g); err != nil {
		return "", err
	}
	return g.Digest()
}

func addRevision(ctx context.Context, tx pgx.Tx, g guide.Guide, document []byte) (id int64, number int, err error) {
	err = tx.QueryRow(ctx, `
		INSERT INTO guides (slug, field) VALUES ($1, $2)
		ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug
		RETURNING id`, g.Slug, g.Field).Scan(&id)
	if err != nil {
		return 0, 0, err
	}
	err = tx.QueryRow(ctx, `
		INSERT INTO revisions (guide_id, number, document)
		SELECT $1, coalesce(max(number), 0) + 1, $2 FROM revisions WHERE guide_id = $1
		RETURNING number`, id, document).Scan(&number)
	return id, number, err
}

// publishRevision has the site build on the revision, and makes its edition.
func publishRevision(ctx context.Context, tx pgx.Tx, id int64, revision int, g guide.Guide) error {
	var compared int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM options WHERE slug = ANY ($1)`, g.Options).Scan(&compared); err != nil {
		return err
	}
	if compared != len(g.Options) {
		return fmt.Errorf("it compares an option that is neither in the database nor in these files: %w", fault.NotFound)
	}
	labels := map[string]string{}
	for _, c := range g.Summary {
		if c.Fact != "" {
			labels[c.Fact] = c.Label
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE guides SET published = $2, field = $3, title = $4, subtitle = $5, answer = $6, labels = $7 WHERE id = $1`,
		id, revision, g.Field, g.Title, guide.PlainText(g.Subtitle), g.Answer, labels)
	if err != nil {
		return err
	}
	if err := moveHere(ctx, tx, id, g.Formerly); err != nil {
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
	return makeEdition(ctx, tx, id)
}
