package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/guide"
	"tiebreak/internal/guide/section"
	"tiebreak/internal/staff"
)

// Revision is a version of a guide that was kept, published or not.
type Revision struct {
	Number      int
	MadeAt      time.Time
	Member      string     // who made it; "" if it came from a file
	PublishedAt *time.Time // for the first time; nil for never
	Live        bool
	Scheduled   bool
	Guide       guide.Guide
}

// Revisions returns the newest revisions of the guide at the slug, the newest first.
func (db *DB) Revisions(ctx context.Context, slug string, most int) (revisions []Revision, err error) {
	defer wrap(&err, "revisions of %q", slug)
	rows, _ := db.pool.Query(ctx, selectRevisions+`ORDER BY r.number DESC LIMIT $2`, slug, most)
	return pgx.CollectRows(rows, pgx.RowToStructByName[Revision])
}

// RevisionName is a revision in a list to choose from.
type RevisionName struct {
	Number int
	MadeAt time.Time
}

// RevisionNames returns all revisions of the guide at the slug without what they say, the newest first.
func (db *DB) RevisionNames(ctx context.Context, slug string) (names []RevisionName, err error) {
	defer wrap(&err, "revisions of %q", slug)
	rows, _ := db.pool.Query(ctx, `
		SELECT r.number, r.made_at FROM revisions r JOIN guides g ON g.id = r.guide_id
		WHERE g.slug = $1
		ORDER BY r.number DESC`, slug)
	return pgx.CollectRows(rows, pgx.RowToStructByName[RevisionName])
}

// Revision returns one revision of the guide at the slug, or fault.NotFound.
func (db *DB) Revision(ctx context.Context, slug string, number int) (r Revision, err error) {
	defer wrap(&err, "revision %d of %q", number, slug)
	rows, _ := db.pool.Query(ctx, selectRevisions+`AND r.number = $2::bigint`, slug, number)
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Revision])
}

const selectRevisions = `
	SELECT r.number, r.made_at, coalesce(m.name, '') AS member, r.number IS NOT DISTINCT FROM g.published AS live,
	       r.number IS NOT DISTINCT FROM s.revision AS scheduled, r.document AS guide,
	       (SELECT min(e.made_at) FROM editions e WHERE e.guide_id = g.id AND e.revision = r.number) AS published_at
	FROM guides g
	JOIN revisions r ON r.guide_id = g.id
	LEFT JOIN members m ON m.id = r.member_id
	LEFT JOIN guide_schedules s ON s.guide_id = g.id
	WHERE g.slug = $1 `

// RestoreRevision has the draft say what a revision says. It publishes nothing. What the draft said before is kept as a revision
// of its own, so that nothing is lost. It returns fault.Conflict if the draft, what is published or the schedule is not what the
// member saw.
func (db *DB) RestoreRevision(ctx context.Context, slug string, number int, member int64, seen string) (err error) {
	defer wrap(&err, "restore revision %d of %q", number, slug)
	return db.changeDraft(ctx, slug, func(tx pgx.Tx, d Draft) error {
		if d.StateDigest() != seen {
			return fault.Conflict
		}
		var restored guide.Guide
		err := tx.QueryRow(ctx, `SELECT document FROM revisions WHERE guide_id = $1 AND number = $2::bigint`, d.saved.ID, number).
			Scan(&restored)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.NotFound
		}
		if err != nil {
			return err
		}
		if len(d.Changes) > 0 {
			document, err := json.Marshal(d.Guide)
			if err != nil {
				return err
			}
			if _, _, err := addRevision(ctx, tx, d.saved, d.Guide, document, member); err != nil {
				return err
			}
			if err := dropSections(ctx, tx, d, ""); err != nil {
				return err
			}
			d.Latest = d.Guide
		}
		for _, s := range section.All {
			s.Copy(&d.Guide, restored)
		}
		if err := rebase(ctx, tx, d, member); err != nil {
			return err
		}
		return record(ctx, tx, member, staff.GuideRestored, d.saved.ID)
	})
}

// rebase keeps the draft's guide as changes of its latest revision. A section that was changed before keeps the name of the
// member who changed it.
func rebase(ctx context.Context, tx pgx.Tx, d Draft, member int64) error {
	for _, s := range section.All {
		if err := keepSection(ctx, tx, d, s, member, `base = excluded.base`); err != nil {
			return err
		}
	}
	return nil
}

// GuideAct is what someone did to a guide.
type GuideAct struct {
	Kind   staff.ActKind // "" for a version from a file
	Member string        // "" for the command line
	At     time.Time
}

// GuideActs returns what was done last to the guide at the slug, the latest first.
func (db *DB) GuideActs(ctx context.Context, slug string, most int) (acts []GuideAct, err error) {
	defer wrap(&err, "acts on %q", slug)
	rows, _ := db.pool.Query(ctx, `
		SELECT kind, member, at
		FROM (
			SELECT a.kind, coalesce(m.name, '') AS member, a.at, a.id
			FROM audit a
			JOIN guides g ON g.id = a.object_id
			LEFT JOIN members m ON m.id = a.member_id
			WHERE a.object = 'guide' AND g.slug = @slug
			UNION ALL
			SELECT '', '', r.made_at, 0
			FROM revisions r JOIN guides g ON g.id = r.guide_id
			WHERE g.slug = @slug AND r.member_id IS NULL
		) acts
		ORDER BY at DESC, id DESC
		LIMIT @most`, pgx.StrictNamedArgs{"slug": slug, "most": most})
	return pgx.CollectRows(rows, pgx.RowToStructByName[GuideAct])
}
