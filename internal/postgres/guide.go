package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

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
	Rereading bool   // the edition served has facts that changed since it was published
}

// importGuide keeps the guide as a new revision if it says anything new, and publishes it if that is asked for.
func importGuide(ctx context.Context, tx pgx.Tx, g guide.Guide, publish bool) (Change, error) {
	change := Change{Name: "guide " + g.Slug, What: "unchanged"}
	to, err := leadsTo(ctx, tx, g.Slug)
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
	document, err := json.Marshal(g)
	if err != nil {
		return change, err
	}
	same, err := sameAsSaved(ctx, tx, now, document)
	if err != nil {
		return change, err
	}
	if change.BasedOn, err = g.Digest(); err != nil {
		return change, err
	}
	if now.ID != 0 && !same && g.BasedOn != "" {
		if g.BasedOn == change.BasedOn && string(now.Public) == string(document) {
			change.What = fmt.Sprintf("unchanged; draft %d, which is newer than this file, stays a draft", now.Latest)
			return change, nil
		}
		if digest, err := digestOf(now.Document); err != nil || g.BasedOn != digest {
			return importEdited(ctx, tx, now, g, document, publish, change)
		}
	}
	return keepGuide(ctx, tx, now, g, document, same, publish, change)
}

// importEdited keeps a guide whose file is not based on the latest revision, if it is based on the draft: on that revision with
// what members changed on the site since, which the file then holds. Otherwise it is a conflict.
func importEdited(
	ctx context.Context, tx pgx.Tx, now saved, g guide.Guide, document []byte, publish bool, change Change,
) (Change, error) {
	d, err := readDraft(ctx, tx, now.Slug)
	if err != nil {
		return change, err
	}
	if g.BasedOn != d.Seen() {
		return outdated(change.Name, now.Latest > now.Published || len(d.Changes) > 0), nil
	}
	if err := dropSections(ctx, tx, d, ""); err != nil {
		return change, err
	}
	return keepGuide(ctx, tx, now, g, document, false, publish, change)
}

// keepGuide writes what importGuide found to be allowed.
func keepGuide(
	ctx context.Context, tx pgx.Tx, now saved, g guide.Guide, document []byte, same, publish bool, change Change,
) (Change, error) {
	undefined, err := undefinedNames(ctx, tx, g)
	if err != nil {
		return change, err
	}
	if publish && len(undefined) > 0 {
		return change, undefined
	}
	revision := now.Latest
	// Publishing again what is under review says that it was read: that is a revision of its own.
	if !same || publish && now.Rereading && now.Published == now.Latest {
		if now, revision, err = addRevision(ctx, tx, now, g, document, CommandLine); err != nil {
			return change, err
		}
		change.What = fmt.Sprintf("saved as draft %d (not public; publish it with --publish)", revision)
		for _, name := range undefined {
			change.What += "; " + name.Message
		}
	}
	if publish && revision != now.Published {
		change.What = fmt.Sprintf("revision %d published", revision)
		if now.Slug != g.Slug {
			change.What += ", renamed from " + now.Slug
		}
		return change, publishRevision(ctx, tx, now, revision, g)
	}
	return change, nil
}

// savedGuide returns the guide at the slug, also if it is retired, or, if there is none, the one that it renames.
func savedGuide(ctx context.Context, tx pgx.Tx, g guide.Guide) (saved, error) {
	rows, _ := tx.Query(ctx, `
		SELECT g.id, g.slug, r.number AS latest, r.document, coalesce(g.published, 0) AS published, p.document AS public,
		       coalesce(json_typeof(e.document->'reread') = 'array', false) AS rereading
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
