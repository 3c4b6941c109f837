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
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := holdOpen(ctx, tx, token)
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

// Withdraw closes the lead whose receipt has the token, at the prospect's wish, gives its place to the oldest waiting and
// tells staff. A lead that is withdrawn already stays so. It returns fault.Conflict for a lead that is closed otherwise.
func (db *DB) Withdraw(ctx context.Context, token string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		if err := lockPlaces(ctx, tx); err != nil {
			return err
		}
		h, err := holdOpen(ctx, tx, token)
		if h.Status == lead.Withdrawn {
			return nil
		}
		if err != nil {
			return err
		}
		if err := releasePlace(ctx, tx, h.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE leads SET status = 'withdrawn' WHERE id = $1`, h.ID); err != nil {
			return fmt.Errorf("lead %d: %w", h.ID, err)
		}
		if err := addHistory(ctx, tx, h.ID, lead.Withdrew, lead.Withdrawn, byNoStaff); err != nil {
			return err
		}
		if err := db.announce(ctx, tx, h.ID, lead.WithdrawnMail); err != nil {
			return err
		}
		return db.settlePlaces(ctx, tx)
	})
}

// holdOpen locks the lead of a receipt. If the lead is closed it returns fault.Conflict together with the lead.
func holdOpen(ctx context.Context, tx pgx.Tx, token string) (held, error) {
	h, err := holdOne(ctx, tx, byToken(token))
	if err == nil && !h.Status.Open() {
		err = fmt.Errorf("lead %d is %s: %w", h.ID, h.Status, fault.Conflict)
	}
	return h, err
}

// readNotes reads what the prospect added, oldest first.
func readNotes(b *pgx.Batch, w which, notes *[]lead.Note) {
	readRows(b, notes, "notes on a lead",
		`SELECT n.at, n.text FROM lead_notes n JOIN leads l ON l.id = n.lead_id WHERE `+w.condition+` ORDER BY n.id`, w.args)
}
