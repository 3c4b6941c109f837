package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/text"
)

// SavedView is a filter of the list of leads that a member keeps under a name.
type SavedView struct {
	ID    int64
	Name  string
	Query string // of the list's address
}

// SavedViews lists the member's views by name.
func (db *DB) SavedViews(ctx context.Context, member int64) (views []SavedView, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readViews(b, member, &views) })
	return views, err
}

func readViews(b *pgx.Batch, member int64, views *[]SavedView) {
	readRows(b, views, "views", `SELECT id, name, query FROM saved_views WHERE member_id = @member ORDER BY lower(name), id`,
		pgx.StrictNamedArgs{"member": member})
}

// SaveView keeps the member's view under its name; one that has the name already is replaced.
func (db *DB) SaveView(ctx context.Context, member int64, name, query string) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO saved_views (member_id, name, name_key, query) VALUES ($1, $2, $3, $4)
		ON CONFLICT (member_id, name_key) DO UPDATE SET name = $2, query = $4`, member, name, text.Normalize(name), query)
	return kind(err)
}

// DeleteView deletes the member's view, if it is there.
func (db *DB) DeleteView(ctx context.Context, member, id int64) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM saved_views WHERE member_id = $1 AND id = $2`, member, id)
	return kind(err)
}
