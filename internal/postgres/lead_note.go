package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddNote keeps what a prospect adds to the lead whose receipt has the token, once, and tells staff. It never moves the
// promised time. A lead that is closed takes no more: fault.Conflict.
func (db *DB) AddNote(ctx context.Context, token string, f lead.NoteForm) error {
	return retryOnce(ctx, func() error {
		return db.inTx(ctx, func(tx pgx.Tx) error {
			id, status, err := openLead(ctx, tx, token)
			if err != nil {
				return err
			}
			tag, err := tx.Exec(ctx, `
				INSERT INTO lead_notes (lead_id, digest, text) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, f.Digest(), f.Text)
			if err != nil {
				return fmt.Errorf("note on lead %d: %w", id, err)
			}
			if tag.RowsAffected() == 0 {
				return nil
			}
			if err := addWords(ctx, tx, id, f.Text); err != nil {
				return err
			}
			if err := addHistory(ctx, tx, id, lead.Noted, status, 0); err != nil {
				return err
			}
			return db.announce(ctx, tx, id, lead.NoteMail)
		})
	})
}

// Withdraw closes the lead whose receipt has the token, at the prospect's wish, gives its place to the oldest waiting and
// tells staff. One that is withdrawn already stays so; one that is closed otherwise is fault.Conflict.
func (db *DB) Withdraw(ctx context.Context, token string) error {
	return retryOnce(ctx, func() error {
		return db.inTx(ctx, func(tx pgx.Tx) error {
			if err := lockPlaces(ctx, tx); err != nil {
				return err
			}
			id, status, err := openLead(ctx, tx, token)
			if status == lead.Withdrawn {
				return nil
			}
			if err != nil {
				return err
			}
			if err := releasePlace(ctx, tx, id); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE leads SET status = 'withdrawn' WHERE id = $1`, id); err != nil {
				return fmt.Errorf("lead %d: %w", id, err)
			}
			if err := addHistory(ctx, tx, id, lead.Withdrew, lead.Withdrawn, 0); err != nil {
				return err
			}
			if err := db.announce(ctx, tx, id, lead.WithdrawnMail); err != nil {
				return err
			}
			return db.settlePlaces(ctx, tx, 0)
		})
	})
}

// openLead locks the lead of a receipt. Its error is fault.Conflict for a lead that is closed; the status comes all the same.
func openLead(ctx context.Context, tx pgx.Tx, token string) (id int64, status lead.Status, err error) {
	err = tx.QueryRow(ctx, `SELECT id, status FROM leads WHERE token = $1 FOR NO KEY UPDATE`, token).Scan(&id, &status)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", fault.NotFound
	}
	if err == nil && !status.Open() {
		err = fmt.Errorf("lead %d is %s: %w", id, status, fault.Conflict)
	}
	return id, status, err
}

// LeadNotes are what the prospect added, oldest first.
func (db *DB) LeadNotes(ctx context.Context, reference string) (notes []lead.Note, err error) {
	err = db.read(ctx, func(b *pgx.Batch) { readNotes(b, byReference(reference), &notes) })
	return notes, err
}

func readNotes(b *pgx.Batch, w which, notes *[]lead.Note) {
	readRows(b, notes, "notes on a lead",
		`SELECT n.at, n.text FROM lead_notes n JOIN leads l ON l.id = n.lead_id WHERE `+w.condition+` ORDER BY n.id`, w.args)
}
