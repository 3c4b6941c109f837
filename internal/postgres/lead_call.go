package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tiebreak/internal/fault"
	"tiebreak/internal/lead"
)

// AddCall stores what a member writes down about a call or a meeting with the prospect, once for each press of the button. It
// answers what waits, as a reply does. It returns fault.Conflict if something decisive happened that the member has not seen, and
// fault.Forbidden for a lead that is suspect or erased.
func (db *DB) AddCall(ctx context.Context, a lead.Act, press []byte, text string) error {
	return db.retryInTx(ctx, func(tx pgx.Tx) error {
		h, err := lockLead(ctx, tx, a.Reference)
		if err != nil {
			return err
		}
		stored, err := isStored(ctx, tx, h, lead.CallMessage, press)
		if err != nil || stored {
			return err
		}
		if h.Suspect || h.Status == lead.Erased {
			return fmt.Errorf("a call about lead %s: %w", a.Reference, fault.Forbidden)
		}
		if err := requireSeen(ctx, tx, h, a); err != nil {
			return err
		}
		_, err = insertMessage(ctx, tx, h, lead.Message{Kind: lead.CallMessage, MemberID: a.Member, Key: press, Text: text})
		if err != nil {
			return err
		}
		return answered(ctx, tx, h, lead.Called, a.Member)
	})
}

// NeedNoAnswer says for a member that the prospect's last messages need no answer. It stops the second clock, and nothing else. A
// lead in which no message waits stays as it is. It returns fault.Conflict if something decisive happened that the member has not
// seen, such as another message.
func (db *DB) NeedNoAnswer(ctx context.Context, a lead.Act) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		h, err := lockSeenLead(ctx, tx, a)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			UPDATE leads SET awaiting_since = NULL, answer_due_at = NULL WHERE id = $1 AND awaiting_since IS NOT NULL`, h.ID)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return addHistory(ctx, tx, h.ID, lead.NeedsNone, h.Status, actor(a.Member))
	})
}
