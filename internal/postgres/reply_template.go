package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
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

// SaveTemplate keeps a template, a new one where its ID is 0. It is fault.Conflict if another one has the name, and
// fault.NotFound if it was deleted meanwhile.
func (db *DB) SaveTemplate(ctx context.Context, t lead.ReplyTemplate, member int64) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		id := t.ID
		if id == 0 {
			err := tx.QueryRow(ctx, `
				INSERT INTO reply_templates (name, name_key, text, member_id) VALUES ($1, $2, $3, $4) RETURNING id`,
				t.Name, text.Normalize(t.Name), t.Text, member).Scan(&id)
			if err != nil {
				return err
			}
			return record(ctx, tx, member, staff.TemplateSaved, id)
		}
		tag, err := tx.Exec(ctx, `
			UPDATE reply_templates SET name = $2, name_key = $3, text = $4, member_id = $5, at = clock() WHERE id = $1`,
			id, t.Name, text.Normalize(t.Name), t.Text, member)
		if err == nil && tag.RowsAffected() == 0 {
			err = errors.Join(fault.NotFound, fmt.Errorf("template %d is gone", id))
		}
		if err != nil {
			return err
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
