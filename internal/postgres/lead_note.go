package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddNote keeps what a prospect adds to the lead whose receipt has the token, once, and tells staff. It never moves the
// promised time. It returns fault.Conflict for a lead that is closed.
func (db *DB) AddNote(ctx context.Context, token string, f lead.NoteForm) error {
	return db.onReceipt(ctx, token, func(tx pgx.Tx) error {
		h, err := lockOpenLead(ctx, tx, token)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			INSERT INTO lead_notes (lead_id, digest, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, h.ID, f.Digest(), f.Text)
		if err != nil {
			return fmt.Errorf("note on lead %d: %w", h.ID, err)
		}
		if tag.RowsAffected() == 0 {
			return nil
		}
		if err := addWords(ctx, tx, h.ID, f.Text); err != nil {
			return err
		}
		if err := addHistory(ctx, tx, h.ID, lead.Noted, h.Status, byNoStaff); err != nil {
			return err
		}
		return db.announce(ctx, tx, h.ID, lead.NoteMail)
	})
}

// lockOpenLead locks the lead of a receipt. If the lead is closed it returns fault.Conflict together with the lead.
func lockOpenLead(ctx context.Context, tx pgx.Tx, token string) (lockedLead, error) {
	h, err := lockOneLead(ctx, tx, byToken(token))
	if err == nil && !h.Status.Open() {
		err = fmt.Errorf("lead %d is %s: %w", h.ID, h.Status, fault.Conflict)
	}
	return h, err
}

// readNotes reads what the prospect added, oldest first.
func readNotes(b *pgx.Batch, where leadCondition, notes *[]lead.Note) {
	readRows(b, notes, "notes on a lead",
		`SELECT n.at, n.text FROM lead_notes n JOIN leads l ON l.id = n.lead_id WHERE `+where.condition+` ORDER BY n.id`, where.args)
}
