package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddNote stores what a prospect writes on the receipt with the token, once, and tells staff. It never moves the promised time.
// It returns fault.Conflict for a lead that is withdrawn or erased.
func (db *DB) AddNote(ctx context.Context, token string, f lead.NoteForm) error {
	return db.onReceipt(ctx, token, func(tx pgx.Tx) error {
		h, err := lockOneLead(ctx, tx, byToken(token))
		if err != nil {
			return err
		}
		if !h.Status.TakesMessages() {
			return fmt.Errorf("lead %d is %s: %w", h.ID, h.Status, fault.Conflict)
		}
		return db.addProspectMessage(ctx, tx, h, lead.Message{Kind: lead.NoteMessage, Key: f.Digest(), Text: f.Text})
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
