package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/lead"
	"tiebreak/internal/staff"
	"tiebreak/internal/text"
)

// ReplyTemplates lists the templates by name.
func (db *DB) ReplyTemplates(ctx context.Context) (templates []lead.ReplyTemplate, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readTemplates(b, &templates) })
	return templates, err
}

func readTemplates(b *pgx.Batch, templates *[]lead.ReplyTemplate) {
	readRows(b, templates, "templates", `SELECT id, name, text FROM reply_templates ORDER BY lower(name), id`, nil)
}

// SaveTemplate keeps a template, a new one where its ID is 0. It returns fault.Conflict if another one has the name, and
// fault.NotFound if it was deleted meanwhile.
func (db *DB) SaveTemplate(ctx context.Context, t lead.ReplyTemplate, member int64) error {
	sql := `
		UPDATE reply_templates SET name = @name, name_key = @key, text = @text, member_id = @member, at = clock()
		WHERE id = @id RETURNING id`
	args := pgx.StrictNamedArgs{"name": t.Name, "key": text.Normalize(t.Name), "text": t.Text, "member": member}
	if t.ID == 0 {
		sql = `INSERT INTO reply_templates (name, name_key, text, member_id) VALUES (@name, @key, @text, @member) RETURNING id`
	} else {
		args["id"] = t.ID
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		var id int64
		if err := tx.QueryRow(ctx, sql, args).Scan(&id); err != nil {
			return fmt.Errorf("template %d: %w", t.ID, err)
		}
		return record(ctx, tx, member, staff.TemplateSaved, id)
	})
}

// DeleteTemplate deletes a template for a member, if it is there.
func (db *DB) DeleteTemplate(ctx context.Context, id, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM reply_templates WHERE id = $1`, id)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return record(ctx, tx, member, staff.TemplateDeleted, id)
	})
}
