package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/guide"
)

// selectChanges begins a query of the editions e that changed something for a reader, of guides g that are published.
const selectChanges = `
	SELECT g.slug, e.slug AS then_slug, f.slug AS first_slug, g.title, e.digest, e.made_at, e.changes
	FROM editions e
	JOIN guides g ON g.id = e.guide_id
	JOIN editions f ON f.guide_id = e.guide_id AND f.number = 1
	WHERE e.changes <> '{}' AND g.edition IS NOT NULL`

// Changes lists the editions that changed something for a reader, the newest first: of the guide with the slug, or of all
// published guides if slug is "".
func (db *DB) Changes(ctx context.Context, slug string, most int) (changes []guide.ChangedEdition, err error) {
	defer wrap(&err, "changes")
	rows, _ := db.pool.Query(ctx, selectChanges+`
		AND (@slug = '' OR g.slug = @slug) ORDER BY e.made_at DESC, e.digest LIMIT @most`,
		pgx.StrictNamedArgs{"slug": slug, "most": most})
	return pgx.CollectRows(rows, pgx.RowToStructByName[guide.ChangedEdition])
}
