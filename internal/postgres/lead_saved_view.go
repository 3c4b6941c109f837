package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/text"
)

// readViews lists the member's views by name.
func readViews(b *pgx.Batch, member int64, views *[]lead.SavedView) {
	readRows(b, views, "views", `SELECT id, name, query FROM saved_views WHERE member_id = @member ORDER BY lower(name), id`,
		pgx.StrictNamedArgs{"member": member})
}

// SaveView keeps the member's view under its name; one that has the name already is replaced.
func (db *DB) SaveView(ctx context.Context, member int64, name, query string) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO saved_views (member_id, name, name_key, query) VALUES (@member, @name, @key, @query)
		ON CONFLICT (member_id, name_key) DO UPDATE SET name = excluded.name, query = excluded.query`,
		pgx.StrictNamedArgs{"member": member, "name": name, "key": text.Normalize(name), "query": query})
	return mapError(err)
}

// DeleteView deletes the member's view, if it is there.
func (db *DB) DeleteView(ctx context.Context, member, id int64) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM saved_views WHERE member_id = $1 AND id = $2`, member, id)
	return mapError(err)
}
